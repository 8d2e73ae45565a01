/** An MD5 as an ETag has it. */
export function base64ToHex(md5: string): string {
  return Array.from(atob(md5), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}
