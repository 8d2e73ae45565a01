/** How uploads are counted, by one signer or by many. Types only. */
import type { Awaitable } from '../../util/awaitable.ts'

/** Something that a limit counts. */
export type CountedBy = 'user' | 'route' | 'address'

/** A limit on how much may be uploaded. */
export interface UploadLimit {
  /**
   * Whose uploads are counted together: those of a `user`, of a `route`, from an `address`, or a list
   * such as `['user', 'route']`. Callers without a user count as one.
   *
   * @default all uploads together
   */
  per?: CountedBy | readonly CountedBy[] | undefined
  /** Only uploads by this route. */
  route?: string | undefined
  /** How many files. */
  files?: number | undefined
  /** How many bytes together, or as `"10GB"`. */
  bytes?: number | string | undefined
  /**
   * How long until it begins anew, in seconds or as `"1m"`, `"1d"`: from the first upload on that is
   * counted.
   *
   * @default it never does: the limit is one in all
   */
  every?: number | string | undefined
}

/** What an upload takes of one limit. */
export interface Amount {
  /** What is counted: the limit, and of whom. */
  key: string
  /** How much the upload takes: bytes, or 1 for a file. */
  amount: number
  /** How much there is in all. */
  limit: number
  /** Seconds after which it begins anew; `undefined` for never. */
  window: number | undefined
}

/** An upload that is too much. */
export interface Refused {
  /** Which of the amounts could not be taken. */
  index: number
  /** Seconds until that limit begins anew; `undefined` if it never does. */
  retryAfter: number | undefined
}

/**
 * Counts uploads. Each has an id, by which it takes, keeps and gives back once, however often it is
 * asked: an answer may be lost, and the question come again. Rejects where it cannot count.
 */
export interface Counter {
  /**
   * Takes all amounts, or none. What has taken already, and has not given back, takes nothing more; its
   * lease begins anew.
   *
   * @param lease seconds after which the upload is among those that have {@link ended}
   */
  take(id: string, amounts: readonly Amount[], lease: number): Awaitable<Refused | undefined>
  /** Ends the lease: what was taken stays taken. */
  keep(id: string): Awaitable<void>
  /**
   * Gives back what was taken and not kept. What belongs to a time that is over is forgotten.
   *
   * @param ifEnded whether only if the lease has ended
   */
  give(id: string, ifEnded?: boolean): Awaitable<void>
  /** The ids of uploads by this key whose leases have ended, the oldest first. They still count. */
  ended(key: string, most: number): Awaitable<string[]>
}
