import type { Digests } from '../../protocol/index.ts'
import { base64ToHex } from '../../util/hex.ts'

/** The MD5 as an ETag; "" if it is not known. */
export function etagOf({ md5 }: Digests = {}): string {
  return md5 ? base64ToHex(md5) : ''
}
