/**
 * Does the same for each of many, a few at a time.
 *
 * @param lanes how many at a time
 * @param work must not reject for what should not keep the others from being done: the first
 *   rejection ends all lanes
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) {
      await work(items[index] as Item, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
}
