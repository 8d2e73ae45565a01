/** What a link is. Types only. */

/** A link, and when it ends. */
export interface Link {
  /** Absolute URL. */
  url: string
  /** When it stops working. Left out for a link that does not expire. */
  expiresAt?: Date | string | null | undefined
}
