/** Who calls the signer, and what its hooks get to know of that. Types only. */
import type { Awaitable } from '../../util/awaitable.ts'

/** Who calls the signer, as `authorize` says. */
export interface Caller<Context = unknown> {
  /** Identifies the user. A grant works only for the user that it was issued to. */
  user?: string | number | undefined
  /**
   * Where this user's objects are, for example `users/42/`. Every key begins with it, and links by
   * key are signed below it only. A missing "/" at its end is added, so that `users/4` does not open
   * `users/42/`.
   */
  prefix?: string | undefined
  /** Largest file of this user, in bytes or as `"25MB"`. Narrows the signer's; can never widen it. */
  maxSize?: number | string | undefined
  /** Smallest file of this user, in bytes or as `"1kB"`. Narrows the signer's. */
  minSize?: number | string | undefined
  /** Which files this user may upload, as in `<input accept>`. A file must be in the signer's list too. */
  accept?: string | readonly string[] | undefined
  /**
   * How many files there may be below `prefix`: 1000 at most. The signer counts them in the bucket, with
   * one request for each call that has new files, so its access key must be allowed to list. Uploads
   * under way are not counted.
   */
  maxFiles?: number | undefined
  /**
   * The IP address that the call comes from, for `limits` by address. Take it from your server or from
   * a header that your own proxy sets, never from one that a client can send.
   */
  address?: string | undefined
  /** The routes that this user may upload by. All of them by default. */
  routes?: readonly string[] | undefined
  /** Anything that the hooks need to know of this call, as a row of the user. It reaches no client. */
  context?: Context | undefined
}

/** Says who is calling; nothing for a caller who is refused. */
export type Authorize<Context = unknown> = (
  request: Request,
) => Awaitable<Caller<Context> | false | null | undefined>

/** The names of the routes as a hook sees them: `undefined` where the signer has none. */
export type RouteName<Route extends string> = [Route] extends [never]
  ? undefined
  : string extends Route
    ? string | undefined
    : Route

/** What each hook gets of the call. */
export interface Call<Context = unknown, Route extends string = string> {
  /** The call. Its body has been read. */
  request: Request
  /** What `authorize` returned as `context`. */
  context: Context
  /** The user, if `authorize` named one. */
  user: string | undefined
  /** The route of the file, if the signer has routes. */
  route: RouteName<Route>
}
