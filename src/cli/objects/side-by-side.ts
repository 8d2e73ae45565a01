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

/** Does something for each of many in their order, whatever the order in which they come. */
export interface InOrder {
  /** Does it as soon as it was done for all that are before. */
  (index: number, work: () => Promise<void>): void
  /** Resolves when all is done; rejects with what was first thrown. */
  done(): Promise<void>
}

/** Makes an {@link InOrder}, which begins at 0. */
export function inOrder(): InOrder {
  const waiting = new Map<number, () => Promise<void>>()
  let next = 0
  let tail = Promise.resolve()
  const add = (index: number, work: () => Promise<void>) => {
    waiting.set(index, work)
    for (let ready = waiting.get(next); ready; ready = waiting.get(next)) {
      waiting.delete(next)
      next += 1
      tail = tail.then(ready)
      // Told by "done".
      tail.catch(() => {})
    }
  }
  return Object.assign(add, { done: () => tail })
}
