/** Six is the number of connections that a browser opens to one host over HTTP/1.1. */
export const CONNECTIONS = 6

/** Works on six items at a time, in their order. */
export async function inPool<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await work(items[at] as T)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  return results
}
