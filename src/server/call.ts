import type { Limits } from './check-file.ts'
import type { Settings } from './config.ts'
import type { Grants } from './grant.ts'
import type { Room } from './quota.ts'

/** What is the same for all requests of one call. */
export interface Call {
  settings: Settings
  grants: Grants
  /** `null` for an anonymous caller. */
  user: string | null
  /** "" or a prefix that ends with "/". */
  prefix: string
  limits: Limits
  /** Counted when it is first needed. */
  room?: Promise<Room>
  now: Date
}
