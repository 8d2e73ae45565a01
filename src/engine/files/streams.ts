/** What can be stopped: a stream, or what reads it. */
interface Cancelable {
  cancel(reason?: unknown): Promise<unknown>
}

/** The streams that files stand for, or what has begun to read them. */
export const streams = new WeakMap<File, Cancelable>()
