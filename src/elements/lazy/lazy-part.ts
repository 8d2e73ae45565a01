import type { ReactiveControllerHost } from 'lit'

/**
 * A part of what an element shows, which few pages have.
 *
 * @param create loads the code, and makes the part
 * @returns a function that loads the part when it is first called, and then draws the element again. It returns
 *   the part, or `undefined` until it is loaded and if it could not be loaded
 */
export function lazyPart<Part>(
  host: ReactiveControllerHost,
  create: () => Promise<Part>,
): () => Part | undefined {
  let part: Part | undefined
  let isAsked = false
  const load = async () => {
    isAsked = true
    part = await create().catch(() => undefined)
    host.requestUpdate()
  }
  return () => {
    if (!isAsked) void load()
    return part
  }
}
