import type { Digests } from '../../protocol/index.ts'

/** An MD5 as an ETag has it. */
export function base64ToHex(md5: string): string {
  return Array.from(atob(md5), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

/** The ETag of a unit where it is the MD5; "" where that is not known. */
export function etagOf({ md5 }: Digests = {}): string {
  return md5 ? base64ToHex(md5) : ''
}
