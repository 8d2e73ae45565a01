import type { Digests } from '../../protocol/index.ts'
import { base64ToHex } from '../../util/hex.ts'

/** The ETag of a unit where it is the MD5; "" where that is not known. */
export function etagOf({ md5 }: Digests = {}): string {
  return md5 ? base64ToHex(md5) : ''
}
