import { type ErrorFacts, UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import { TransferError } from './transport.ts'

/** What is known of the request that failed. */
export interface FailedRequest {
  /** The presigned URL, if it came to that. */
  url: string | undefined
  /** Key of the object, if the signer has told it. */
  key?: string | undefined
  /** It has stopped working, by the signer's clock. */
  expired: boolean
  /** Bytes that had left. */
  loaded: number
}

/** How long to wait for a sign of life from the bucket, in ms. */
const PROBE_TIMEOUT = 5_000

/** Finds out why a unit was not stored, and says it so that somebody can act on it. */
export async function diagnose(
  error: unknown,
  file: FileInfo,
  request: FailedRequest = { url: undefined, expired: false, loaded: 0 },
): Promise<UploadError> {
  if (error instanceof UploadError) return error
  if (error instanceof DOMException && /^Not(Readable|Found)Error$/.test(error.name)) {
    return new UploadError('file-unreadable', file.name)
  }
  if (!(error instanceof TransferError)) {
    const said = error instanceof Error ? error.message : ''
    return new UploadError('unexpected', file.name, { said })
  }
  const code =
    error.status === 0
      ? await whyNoAnswer(error, file, request)
      : whyRefused(error, request.expired)
  const said = [error.code, error.said].filter(Boolean).join(': ')
  const advice = await advise(code, request)
  return new UploadError(code, file.name, { status: error.status, said, ...advice })
}

/** What only the people who run the site can mend, they are told how to. It is loaded for them. */
async function advise(
  code: UploadError['code'],
  { url, key }: FailedRequest,
): Promise<Pick<ErrorFacts, 'advice' | 'corsRule'>> {
  const isOfSignature = code === 'signature-mismatch' || code === 'bucket-refused'
  if (!url || (code !== 'cors-blocked' && !isOfSignature)) return {}
  try {
    const { adviseCors, adviseSignature } = await import('./bucket-advice.ts')
    return isOfSignature ? { advice: adviseSignature(url) } : adviseCors(url, key, location.origin)
  } catch {
    return {}
  }
}

function whyRefused(error: TransferError, expired: boolean): UploadError['code'] {
  if (error.status === 429 || error.status >= 500) return 'bucket-failed'
  // Another request for the same key is being worked on, perhaps an earlier try: "retry the upload", says
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  if (error.status === 409) return 'bucket-failed'
  // S3 gives up on a body that comes too slowly with a 400.
  if (error.code === 'RequestTimeout') return 'bucket-failed'
  if (error.isDamaged) return 'corrupted'
  // Ceph says NoSuchKey where others say NoSuchUpload; nothing else that we ask for can be missing.
  if (error.code === 'NoSuchUpload' || error.code === 'NoSuchKey') return 'upload-gone'
  if (error.code === 'NoSuchBucket') return 'bucket-not-found'
  if (error.code === 'SignatureDoesNotMatch') return 'signature-mismatch'
  if (error.status === 403) {
    // "Request has expired" is the message of AWS and Storj; Ceph says nothing, so the clock decides.
    return expired || /expired/i.test(`${error.code} ${error.said}`)
      ? 'url-expired'
      : 'access-denied'
  }
  return 'bucket-refused'
}

/** A browser hides why a request got no answer, so look at what surrounds it. */
async function whyNoAnswer(
  error: TransferError,
  file: FileInfo,
  { url, expired, loaded }: FailedRequest,
): Promise<UploadError['code']> {
  if (!(await isReadable(file))) return 'file-unreadable'
  if (navigator.onLine === false) return 'offline'
  if (error.stalled) return 'stalled'
  if (expired) return 'url-expired'
  if (!url || !(await isAlive(url))) return loaded > 0 ? 'connection-lost' : 'bucket-unreachable'
  // Bytes leave only after the preflight was passed, so from here on CORS cannot be the reason.
  if (loaded > 0) return loaded < file.size ? 'connection-lost' : 'bucket-refused'
  return (await letsPageIn(url)) ? 'bucket-refused' : 'cors-blocked'
}

/** By its last byte: to Chromium a file that is gone may be empty, and Firefox reads one that was cut off. */
async function isReadable({ file, size }: FileInfo): Promise<boolean> {
  try {
    const { byteLength } = await file.slice(-1).arrayBuffer()
    return byteLength > 0 || size === 0
  } catch {
    return false
  }
}

/** Whether the host answers at all. `no-cors` lets a request through whatever the CORS rule says, and hides its answer. */
function isAlive(url: string): Promise<boolean> {
  return answers(new URL('/', url), { mode: 'no-cors' })
}

/**
 * Whether the bucket's CORS rule lets this page PUT. Some servers (Ceph is one) send a refusal of a
 * presigned request without CORS headers, which looks the same to a browser as having no CORS rule.
 * To a request without a signature they answer with them. This one can store nothing, even in a
 * bucket that everybody may write to: it is a part of an upload that does not exist.
 */
function letsPageIn(url: string): Promise<boolean> {
  const probe = new URL(url)
  probe.search = '?partNumber=1&uploadId=none'
  return answers(probe, { method: 'PUT' })
}

async function answers(url: URL, init: RequestInit): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT)
    await fetch(url, { cache: 'no-store', credentials: 'omit', signal, ...init })
    return true
  } catch {
    return false
  }
}
