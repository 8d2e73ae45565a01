import type { Digests, SignedResponse } from '../../protocol/index.ts'
import { UploadError, type UploadErrorCode } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import type { MultipartUpload, StoredPart } from '../signer/multipart.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { UnitWatch } from './file-progress.ts'
import type { UnitSender } from './sender.ts'

/** What was reached for a file, and outlives a pause, a failure and a retry. */
export interface FileMemory {
  /** Names the key of a single PUT, so that another try does not make another object. */
  grant?: string | undefined
  /** Names the key of an upload in parts from before it is begun. */
  nonce?: string | undefined
  upload?: MultipartUpload | undefined
}

/** What the upload of one file works with. */
export interface FileUpload {
  file: FileInfo
  memory: FileMemory
  watch: UnitWatch
  signal: AbortSignal
  signer: SignerClient
  sender: UnitSender
  limit: number
  /** Told the grant by which a single PUT can be sent to the same key again. */
  rememberGrant: (grant: string) => Promise<void>
  /** Told when there is nothing left to go on with. */
  forget: () => void
  /** The MD5, also with integrity off, and what the signer asks for, as far as it is to be had. */
  hash: (body: Blob) => Promise<Digests>
}

/** What the upload of a file in parts works with, besides. */
export interface PartsUpload extends FileUpload {
  /** Told by what an upload can be found, before it is begun. */
  rememberNonce: (nonce: string) => Promise<void>
  /** Told when a multipart upload begins. False when nobody wants it any more. */
  remember: (upload: MultipartUpload) => Promise<boolean>
  rememberPart: (partNumber: number, part: StoredPart) => void
}

/** What the bucket holds in the end. */
export interface Stored {
  signed: SignedResponse
  etag: string | null
  /** Address of the object without a signature, where the URL of the PUT tells it. */
  url: string | undefined
}

export function isOneOf(error: unknown, codes: UploadErrorCode[]): boolean {
  return error instanceof UploadError && codes.includes(error.code)
}
