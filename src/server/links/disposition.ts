import { cutToBytes, splitExtension } from '../../util/utf8.ts'
import type { Disposition } from '../api/object-options.ts'
import { encodeRfc3986, isPlainName, lastSegment } from '../keys/key.ts'

// The name is percent-encoded twice on its way into a presigned URL, which must not grow too long.
const MAX_NAME_BYTES = 180

/**
 * The name under which a file is saved: its own name without folders, and without the characters
 * that would break a header or hide the true extension.
 *
 * @returns at most 180 UTF-8 bytes with the extension kept; "file" when nothing is left
 */
export function downloadName(name: string): string {
  if (isPlainName(name)) return name
  const visible = lastSegment(name)
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu, '')
    .trim()
  const [stem, extension] = splitExtension(visible)
  return cutToBytes(stem, MAX_NAME_BYTES - 20) + extension || 'file'
}

/**
 * The value of a Content-Disposition header: the name in ASCII for old clients, then in full.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6266#appendix-D on what the ASCII name must not have
 * @see https://www.rfc-editor.org/rfc/rfc8187#section-3.2 for the form of `filename*`
 */
export function contentDisposition(disposition: Disposition, name: string): string {
  const full = downloadName(name)
  const ascii = full.replace(/[^ -~]/gu, '_').replace(/["\\%]/g, '_')
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${encodeRfc3986(full)}`
}
