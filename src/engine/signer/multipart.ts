import type { CompletedPart, Digests, SignedPart } from '../../protocol/index.ts'
import { completeXml, unquote } from '../../s3/complete-xml.ts'
import { elements, textOf } from '../../s3/xml.ts'
import { UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import { batchOf } from '../files/batches.ts'
import { TransferError } from '../transport/transport.ts'
import type { Signed } from './signed.ts'
import type { SignerClient } from './signer-client.ts'

/** A multipart upload, and all that is needed to continue it. Holds no presigned URL. */
export interface MultipartUpload {
  key: string
  grant: string
  /** Bytes of each part but the last. */
  partSize: number
  /** When the grant expires, in ms since 1970. */
  expiresAt: number
  /** The stored parts by part number. */
  parts: Map<number, StoredPart>
  /** The answers for parts that came with `create`. Each is used once, and never stored. */
  signedParts: Map<number, Signed>
  /** Whether the signer compares the parts that `complete` names with those in the bucket. */
  comparesParts: boolean
  /** The most bytes of a stream. */
  maxSize?: number | undefined
  /** Bytes of a stream in all, once it has ended. */
  size?: number
  /** Whether it was begun by an earlier page. */
  isRestored?: boolean
  /** Whether `parts` and `unhashed` are all that the bucket has. */
  isKnown?: boolean
  /** Numbers of the parts that are stored, and not in `parts` yet, since they are still hashed. */
  unhashed: Set<number>
  /** The answer to `complete` whose URL was used. The answer of the bucket may be lost. */
  completing?: Signed
}

/** A part that is in the bucket. */
export interface StoredPart {
  /** Without quotes; "" if it is not known. */
  etag: string
  /** The digests of what was sent; absent for a part that an earlier page has sent. */
  digests?: Digests
  /** False if nothing has compared it with its MD5. */
  isCompared?: boolean
}

/** What `create` tells the signer besides the file. */
export interface CreateOptions {
  nonce: string
  /** Whether an earlier attempt may have succeeded. */
  again: boolean
  /** The part size if the signer chooses none, in bytes. */
  usualPartSize: number
  /** The part size that suits the line, in bytes; `undefined` if that is not known. */
  partSize: number | undefined
  /** How many parts to sign at once. */
  signParts: number
}

/** Timeouts of ListParts and of CompleteMultipartUpload, in ms. */
const LIST_TIMEOUT = 15_000
const COMPLETE_TIMEOUT = 180_000
/** One day: Storj drops an upload that is idle for longer. In ms. */
const DEFAULT_LIFE = 86_400_000
/** The most parts whose digests the signer gets, so that the body stays below any server's limit. */
const MOST_DIGESTS = 1_000

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000
const TOO_MANY_PARTS = 'With its partSize the file would have more than 10,000 parts.'

/** Creates a multipart upload, or, with `again`, finds the one that an earlier attempt created. */
export async function createUpload(
  signer: SignerClient,
  info: FileInfo,
  { nonce, again, usualPartSize, partSize: wish, signParts }: CreateOptions,
): Promise<MultipartUpload> {
  const { name, size, meta, file: content, isGrowing } = info
  const { size: known, ...file } = signer.describe(info)
  const question = {
    ...{ op: 'create' as const, file: isGrowing ? file : { ...file, size: known } },
    ...{ meta, ...batchOf(content) },
    ...{ nonce, again },
    ...(wish === undefined ? {} : { partSize: wish }),
    ...(signParts === 0 ? {} : { signParts }),
  }
  const created = await signer.ask(question, name)
  const { partSize = usualPartSize } = created
  signer.cutsAsUsual = partSize === usualPartSize
  if (size > partSize * MOST_PARTS) {
    throw new UploadError('signer-answer-invalid', name, { said: TOO_MANY_PARTS })
  }
  return {
    key: created.key ?? '',
    grant: created.grant ?? '',
    partSize,
    expiresAt: Date.now() + (created.lifetime ?? DEFAULT_LIFE),
    parts: new Map(),
    unhashed: new Set(),
    isKnown: true,
    signedParts: new Map(
      (created.parts ?? []).map((part) => [part.partNumber, signedOf(signer, part, created)]),
    ),
    comparesParts: created.comparesParts === true,
    maxSize: created.maxSize,
  }
}

/** The answer to `part` that came with the one to `create`. */
function signedOf(
  signer: SignerClient,
  { partNumber, ...part }: SignedPart,
  created: Signed,
): Signed {
  const { id, date } = created
  return signer.receive({ id: `${id}.${partNumber}`, ...part }, date)
}

/**
 * Lists the parts in the bucket, a thousand a page.
 *
 * @returns `undefined` if the bucket cannot list parts
 * @throws {TransferError} `NoSuchUpload` if the upload no longer exists
 */
export async function listStoredParts(
  signer: SignerClient,
  { grant }: MultipartUpload,
  fileName: string,
): Promise<Map<number, StoredPart & { size: number }> | undefined> {
  const parts = new Map<number, StoredPart & { size: number }>()
  for (let after: number | undefined; ; ) {
    const request = { op: 'parts' as const, grant, ...(after === undefined ? {} : { after }) }
    const { url } = await signer.ask(request, fileName)
    const page = await fetchXml(url ?? '', {
      method: 'GET',
      signal: AbortSignal.timeout(LIST_TIMEOUT),
    })
    if (page === undefined) return undefined
    for (const xml of elements(page, 'Part')) {
      const etag = unquote(textOf(xml, 'ETag'))
      parts.set(Number(textOf(xml, 'PartNumber')), { etag, size: Number(textOf(xml, 'Size')) })
    }
    if (textOf(page, 'IsTruncated') !== 'true') return parts
    const next = Number(textOf(page, 'NextPartNumberMarker'))
    // A marker that does not move would loop for ever.
    if (!(next > (after ?? 0))) return parts
    after = next
  }
}

/**
 * Completes a multipart upload: the signer does it, or returns a URL for it.
 *
 * @param parts all parts in order. Without them the signer lists them, which is safer: the ETag of a part
 *   is not its MD5 with every provider and setting
 */
export async function completeUpload(
  signer: SignerClient,
  upload: MultipartUpload,
  fileName: string,
  parts: CompletedPart[] | undefined,
): Promise<Signed> {
  const { grant, parts: stored, size } = upload
  const digests = Array.from(
    { length: Math.min(stored.size, MOST_DIGESTS) },
    (_, index) => stored.get(index + 1)?.digests ?? {},
  )
  const request = {
    ...{ op: 'complete' as const, grant, digests },
    ...(size === undefined ? {} : { size }),
    ...(parts ? { parts } : {}),
  }
  const answer = await signer.ask(request, fileName)
  if (!answer.url) return answer
  signer.completesByUrl = true
  if (!parts) throw new UploadError('parts-needed', fileName)
  const signal = AbortSignal.timeout(COMPLETE_TIMEOUT)
  const body = completeXml(parts)
  upload.completing = answer
  const xml = await fetchXml(answer.url, { method: 'POST', body, signal }).catch((error) => {
    // "The part's entity tag might not match the specified entity tag."
    if (error instanceof TransferError && error.code === 'InvalidPart') {
      throw new UploadError('parts-differ', fileName)
    }
    throw error
  })
  // S3 may fail after it has sent its 200.
  if (xml?.includes('<Error>')) throw new TransferError(500, xml)
  return { ...answer, etag: unquote(textOf(xml ?? '', 'ETag')) }
}

/** Aborts a multipart upload: the signer does it, or returns a URL for it. */
export async function abortUpload(
  signer: SignerClient,
  grant: string,
  fileName: string,
  options?: { keepalive: boolean },
): Promise<void> {
  const { url } = await signer.ask({ op: 'abort', grant }, fileName, options)
  const signal = AbortSignal.timeout(LIST_TIMEOUT)
  if (url) await fetchXml(url, { method: 'DELETE', signal, ...options })
}

/** As `abortUpload`, but not awaited, and even while the page closes. */
export function abandonUpload(signer: SignerClient, { grant }: MultipartUpload): void {
  abortUpload(signer, grant, '', { keepalive: true }).catch(() => {
    // The bucket's lifecycle rule for unfinished uploads removes it.
  })
}

/** @returns `undefined` if the bucket does not support the operation */
async function fetchXml(url: string, init: RequestInit): Promise<string | undefined> {
  let response: Response
  try {
    response = await fetch(url, { ...init, cache: 'no-store', credentials: 'omit' })
  } catch {
    throw new TransferError(0)
  }
  const text = await response.text().catch(() => {
    throw new TransferError(0)
  })
  if (response.ok) return text
  if (response.status === 405 || response.status === 501) return undefined
  throw new TransferError(response.status, text)
}
