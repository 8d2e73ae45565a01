import type { Call } from './caller.ts'

/** An object that is about to be removed, since the person who uploaded it takes it back. */
export interface DiscardedObject<Context = unknown, Route extends string = string>
  extends Call<Context, Route> {
  /** Object key. */
  key: string
  /** Entity tag without quotes. */
  etag: string
}
