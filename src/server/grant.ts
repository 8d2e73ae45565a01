import type { ChecksumAlgorithm } from '../protocol/index.ts'
import { SignerError } from './signer-error.ts'

/** How long a file's grant lasts, in seconds: a day, so that an open page can still ask for links. */
export const GRANT_LIFE = 86_400

/**
 * How long a multipart upload's grant may be used, in seconds: a week. An upload lasts as long as its
 * grant, and a terabyte at 20 Mbit/s takes five days.
 */
export const MULTIPART_GRANT_LIFE = 604_800

interface GrantedObject {
  /** Object key. */
  key: string
  /** The name under which the file is saved. */
  name: string
  /** Size in bytes. */
  size: number
  /** Media type. */
  type: string
  /** The user that it was issued to; `null` for an anonymous one. */
  user: string | null
  /** When it ends, in seconds since 1970. */
  expires: number
}

/** Proves that its bearer may have the object of one uploaded file, and put that very file again. */
export interface FileGrant extends GrantedObject {
  purpose: 'file'
  /** Issued when the file was there already, and `onUploaded` was told. */
  done?: true
}

/** Proves that its bearer may store the parts of one multipart upload, and complete or abort it. */
export interface MultipartGrant extends GrantedObject {
  purpose: 'multipart'
  /** The bucket's name for the upload. */
  uploadId: string
  /** Which checksum each part needs, as the bucket was told when the upload began. */
  checksum?: ChecksumAlgorithm
}

/** What a grant proves. The purpose keeps one kind from being used as another. */
export type Grant = FileGrant | MultipartGrant

/** Issues and checks grants under one secret. */
export interface Grants {
  /** Writes a grant as opaque text. */
  issue(grant: Grant): Promise<string>
  /** 32 hexadecimal digits: always the same for the same user and nonce, and no one else's. */
  idOf(nonce: string, user: string | null): Promise<string>
  /**
   * Reads a grant and checks that it is genuine, meant for that user, prefix and purpose, and not
   * over.
   *
   * @throws {SignerError} `invalid-grant`
   */
  read<P extends Grant['purpose']>(
    token: string,
    bearer: { user: string | null; prefix: string; now: Date },
    ...purposes: P[]
  ): Promise<Extract<Grant, { purpose: P }>>
}

const LABEL = 'bucket-upload grant v1'
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

/**
 * Grants are `base64url(JSON) "." base64url(HMAC-SHA-256)`, so no signer has to remember them, and
 * each copy of a signer knows the grants of the others.
 *
 * @param secrets the first signs, and the others, which are being replaced, are still known; derived
 *   keys keep them apart from other uses of the same secrets
 * @param scope what the grants are for, for example the bucket; grants of another scope are refused
 */
export function createGrants(secrets: readonly string[], scope: string): Grants {
  // The keys are kept, not the promises of them: edge workers refuse to await another request's promise.
  const derived: CryptoKey[] = []
  const getKey = async (index = 0) => {
    derived[index] ??= await deriveKey(secrets[index] ?? '', `${LABEL}\n${scope}`)
    return derived[index]
  }
  const openAny = async (token: string) => {
    for (const index of secrets.keys()) {
      const grant = await open(token, await getKey(index))
      if (grant) return grant
    }
    return undefined
  }
  return {
    async issue(grant) {
      const payload = toBase64url(encode(JSON.stringify(grant)))
      const mac = await crypto.subtle.sign('HMAC', await getKey(), encode(payload))
      return `${payload}.${toBase64url(new Uint8Array(mac))}`
    },
    async idOf(nonce, user) {
      // The space keeps it apart from the payload of any grant, which has none.
      const text = encode(`id ${JSON.stringify([nonce, user])}`)
      const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await getKey(), text))
      const digits = Array.from(mac, (byte) => byte.toString(16).padStart(2, '0'))
      return digits.slice(0, 16).join('')
    },
    async read(token, { user, prefix, now }, ...purposes) {
      const grant = await openAny(token)
      const isTheirs = grant?.user === user && grant?.key.startsWith(prefix)
      if (!grant || !isFor(grant, purposes) || !isTheirs) {
        throw new SignerError('invalid-grant', 'The grant is not valid.')
      }
      if (grant.expires * 1000 <= now.getTime()) {
        throw new SignerError('invalid-grant', 'The grant has expired.')
      }
      return grant
    },
  }
}

function isFor<P extends Grant['purpose']>(
  grant: Grant,
  purposes: P[],
): grant is Extract<Grant, { purpose: P }> {
  return purposes.some((purpose) => purpose === grant.purpose)
}

/** Opens a token; `undefined` unless its MAC is right. What has a right MAC was written by us. */
async function open(token: string, key: CryptoKey): Promise<Grant | undefined> {
  const match = /^([\w-]+)\.([\w-]{43})$/.exec(token)
  if (!match) return undefined
  const [, payload = '', mac = ''] = match
  // verify() compares in constant time.
  const genuine = await crypto.subtle.verify('HMAC', key, fromBase64url(mac), encode(payload))
  if (!genuine) return undefined
  return JSON.parse(new TextDecoder().decode(fromBase64url(payload)))
}

async function deriveKey(secret: string, label: string): Promise<CryptoKey> {
  const main = await crypto.subtle.importKey('raw', encode(secret), HMAC, false, ['sign'])
  const bytes = await crypto.subtle.sign('HMAC', main, encode(label))
  return crypto.subtle.importKey('raw', bytes, HMAC, false, ['sign', 'verify'])
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function toBase64url(bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
