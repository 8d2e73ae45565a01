import type { Limits } from './operations/check-file.ts'
import type { Room } from './operations/quota.ts'
import type { Settings } from './settings.ts'
import type { Keys } from './sign/access-keys.ts'

/** What is the same for all requests of one call. */
export interface Call {
  settings: Settings
  /** `null` for an anonymous caller. */
  user: string | null
  /** "" or a prefix that ends with "/". */
  prefix: string
  limits: Limits
  /** The keys that sign links and lists. */
  keys: Keys
  /** The keys that sign what stores bytes. */
  uploadKeys: Keys
  /** Counted when it is first needed. */
  room?: Promise<Room>
  now: Date
}
