import type { UploadError } from '../../engine/index.ts'

/** What has been done with the links of a list. */
export class LinkState {
  /** The id of the file, or the format, that was copied a moment ago. */
  copied = ''
  /** What was done or went wrong a moment ago, in words. */
  message = ''
  /** Whether that went wrong, and has to be seen. */
  isProblem = false
  /** Files whose links are being renewed. */
  readonly renewing = new Set<string>()
  /** Why links could not be renewed, by their file. */
  readonly notRenewed = new Map<string, UploadError>()
}
