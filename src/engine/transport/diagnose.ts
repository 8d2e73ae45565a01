import { isGone } from '../../s3/codes.ts'
import { withTimeout } from '../../util/abort.ts'
import { loadModule } from '../../util/load-module.ts'
import { type ErrorFacts, UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import { TransferError } from './transport.ts'

/** The request that failed. */
export interface FailedRequest {
  /** The presigned URL, if the signer returned one. */
  url: string | undefined
  /** Key of the object, if the signer returned it. */
  key?: string | undefined
  /** Whether the URL has expired, by the signer's clock. */
  expired: boolean
  /** Bytes that were sent. */
  loaded: number
}

/** How long to wait for any answer of the bucket, in ms. */
const PROBE_TIMEOUT = 5_000

/** Finds out why a unit was not stored, as an error that users and developers can act on. */
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

/** Advice for developers, for what only the site can fix. Loaded on demand; where that fails, the error comes without. */
async function advise(
  code: UploadError['code'],
  { url, key }: FailedRequest,
): Promise<Pick<ErrorFacts, 'advice' | 'corsRule'>> {
  const isOfSignature = code === 'signature-mismatch' || code === 'bucket-refused'
  if (!url || (code !== 'cors-blocked' && !isOfSignature)) return {}
  try {
    const { adviseCors, adviseSignature } = await withTimeout(
      loadModule(() => import('./bucket-advice.ts')),
      PROBE_TIMEOUT,
      'The advice did not load in time.',
    )
    return isOfSignature ? { advice: adviseSignature(url) } : adviseCors(url, key, location.origin)
  } catch {
    return {}
  }
}

function whyRefused(error: TransferError, expired: boolean): UploadError['code'] {
  if (error.status === 429 || error.status >= 500) return 'bucket-failed'
  // Another request for the same key is in progress, perhaps an earlier attempt: "retry the upload", says
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  if (error.status === 409) return 'bucket-failed'
  // S3 answers 400 if the body arrives too slowly.
  if (error.code === 'RequestTimeout') return 'bucket-failed'
  if (error.isDamaged) return 'corrupted'
  // Nothing else that we request can be missing.
  if (isGone(error.code)) return 'upload-gone'
  if (error.code === 'NoSuchBucket') return 'bucket-not-found'
  if (error.code === 'SignatureDoesNotMatch') return 'signature-mismatch'
  if (error.status === 403) {
    // AWS and Storj answer "Request has expired". Ceph does not, so the clock decides.
    return expired || /expired/i.test(`${error.code} ${error.said}`)
      ? 'url-expired'
      : 'access-denied'
  }
  return 'bucket-refused'
}

/** Browsers hide why a request got no answer, so probe for the reason. */
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
  // Bytes are sent only after the preflight, so CORS cannot be the reason.
  if (loaded > 0) return loaded < file.size ? 'connection-lost' : 'bucket-refused'
  return (await allowsPage(url)) ? 'bucket-refused' : 'cors-blocked'
}

/** By its last byte: Chromium may read a deleted file as empty, and Firefox reads one that was truncated. */
async function isReadable({ file, size }: FileInfo): Promise<boolean> {
  try {
    const { byteLength } = await file.slice(-1).arrayBuffer()
    return byteLength > 0 || size === 0
  } catch {
    return false
  }
}

/** Whether the host answers at all. `no-cors` sends the request whatever the CORS rule is, and hides the answer. */
function isAlive(url: string): Promise<boolean> {
  return answers(new URL('/', url), { mode: 'no-cors' })
}

/**
 * Whether the bucket's CORS rule allows PUT from this page. Some servers (Ceph is one) refuse a presigned
 * request without CORS headers, which looks to a browser like a missing CORS rule. To a request without a
 * signature they do send them. This request can store nothing, even in a public bucket: it is a part of an
 * upload that does not exist.
 */
function allowsPage(url: string): Promise<boolean> {
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
