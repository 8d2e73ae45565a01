import type { UploadError } from '../../../engine/index.ts'

/** State of the links of a list. */
export class LinkState {
  /** Id of the file, or format, that was just copied. */
  copied = ''
  /** What just happened, in words. */
  message = ''
  /** Whether the message is about a problem, and is visible. */
  isProblem = false
  /** Files whose links are being renewed. */
  readonly renewing = new Set<string>()
  /** Why links could not be renewed, by the id of the file. */
  readonly notRenewed = new Map<string, UploadError>()
}
