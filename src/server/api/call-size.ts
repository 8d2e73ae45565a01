/** How much a call asks for. Types only. */
import type { Call } from './caller.ts'

/** How much one call asks for. */
export interface CallSize<Context = unknown> extends Omit<Call<Context>, 'route'> {
  /** All requests in it, including those for parts and links. */
  requests: number
  /** New files among them. */
  files: number
  /** Their sizes together in bytes, as the client says. A stream counts as the largest file. */
  bytes: number
}
