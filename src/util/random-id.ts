import { toHex } from './hex.ts'

/** 32 random hexadecimal digits. `crypto.randomUUID` is missing on pages without HTTPS. */
export function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)))
}
