/** An MD5 as an ETag has it. */
export function base64ToHex(md5: string): string {
  return Array.from(atob(md5), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

/** The digests one after the other, as bytes: the MD5 of that is in the ETag of a multipart upload. */
export function joinDigests(md5s: readonly string[]): Blob {
  const bytes = Array.from(md5s.map(atob).join(''), (char) => char.charCodeAt(0))
  return new Blob([new Uint8Array(bytes)])
}
