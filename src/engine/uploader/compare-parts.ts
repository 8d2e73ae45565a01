/** Are the parts in the bucket those that were sent? */
import type { CompletedPart } from '../../protocol/index.ts'
import { UploadError } from '../api/errors.ts'
import { listStoredParts, type MultipartUpload, type StoredPart } from '../signer/multipart.ts'
import type { TransferUnit } from '../transport/unit.ts'
import type { PartsJob } from './tools.ts'

type Listed = ReadonlyMap<number, StoredPart & { size: number }>

/** Whether there are parts that the bucket has not compared with their MD5. */
export function areUncompared({ parts }: MultipartUpload): boolean {
  return [...parts.values()].some(isUncompared)
}

/**
 * Whether the parts are compared if they are named by their MD5s when the upload is completed: by a signer
 * that says so, or by the bucket, if the browser completes the upload itself.
 */
export function comparesOnComplete(
  { signer }: PartsJob,
  { parts, comparesParts }: MultipartUpload,
): boolean {
  const isNamed = [...parts.values()].every(({ etag }) => etag)
  return isNamed && (comparesParts || signer.completesByUrl)
}

/**
 * Compares all parts with the bucket's list. Drops those that are not what was sent, so that they are sent
 * again. If no ETag is the MD5 of its part, this bucket's ETags prove nothing (with SSE-KMS, for
 * example), and from now on each part is sent with its Content-MD5.
 *
 * @param mustDiffer whether a part is known to differ
 * @returns whether nothing was dropped; `undefined` if the bucket cannot list parts
 */
export async function compareParts(
  job: PartsJob,
  upload: MultipartUpload,
  mustDiffer = false,
): Promise<boolean | undefined> {
  const { signer, tools } = job
  const listed = await listParts(job, upload)
  if (!listed) return undefined
  const { parts } = upload
  const sent = [...parts].filter(([, { digests }]) => tools.etagOf(digests))
  const isEqual = ([number, { digests }]: [number, StoredPart]) =>
    listed.get(number)?.etag === tools.etagOf(digests)
  const proves = sent.some(isEqual)
  // Where ETags are opaque, Content-MD5 proves that a part is whole, unless another client replaced it.
  const keepsCompared = !mustDiffer || areUncompared(upload)
  signer.learnEtags(proves)
  let isWhole = true
  for (const [number, part] of sent) {
    const isKept = keepsCompared && part.isCompared && listed.has(number)
    const isWanted = proves ? isEqual([number, part]) : isKept
    if (!isWanted) {
      parts.delete(number)
      isWhole = false
    } else parts.set(number, { ...part, etag: listed.get(number)?.etag ?? '', isCompared: true })
  }
  return isWhole
}

/** Drops the parts that nothing has compared, and has later ones sent with their Content-MD5. */
export function dropUncompared({ signer }: PartsJob, { parts }: MultipartUpload): void {
  signer.learnEtags(false)
  for (const [number, part] of parts) if (isUncompared(part)) parts.delete(number)
}

/** `undefined` if the bucket cannot list parts, or the signer knows no such request. */
async function listParts(job: PartsJob, upload: MultipartUpload): Promise<Listed | undefined> {
  try {
    return await job.tools.askFor(job, () => listStoredParts(job.signer, upload, job.file.name))
  } catch (error) {
    if (error instanceof UploadError && error.code === 'signer-refused') return undefined
    throw error
  }
}

/**
 * The stored parts that match the file as it is now: by size, and by MD5 where the ETag is one. With
 * some settings (SSE-KMS on AWS is one) no ETag is an MD5, though it looks like one. If no ETag is the
 * one that was noted, ETags prove nothing, and the notes of the checkpoint count.
 */
export async function matchingParts(
  job: PartsJob,
  { partSize, parts: known }: MultipartUpload,
  stored: Listed,
): Promise<Map<number, StoredPart>> {
  const { file, tools } = job
  const parts = new Map<number, StoredPart>()
  const isSame = (number: number) => known.get(number)?.etag === stored.get(number)?.etag
  const noted = [...known.keys()].filter((number) => known.get(number)?.etag && stored.has(number))
  const provesContent = noted.length === 0 || noted.some(isSame)
  for (const { partNumber, body } of tools.cutIntoParts(file.id, file.file, partSize)) {
    // Another run may wait for the lock of this one.
    job.signal.throwIfAborted()
    const part = stored.get(partNumber)
    if (part?.size !== body.size) continue
    const note = known.get(partNumber)
    // A part that this browser has sent needs no check, nor does one whose ETag is no MD5.
    const isKnown = provesContent ? isSame(partNumber) : note !== undefined && !isUncompared(note)
    const isMd5 = !isKnown && /^[0-9a-f]{32}$/.test(part.etag)
    const md5 = isMd5 ? tools.etagOf(await tools.digestAll(job, body)) : ''
    if (!md5 || md5 === part.etag) {
      parts.set(partNumber, { ...note, etag: part.etag, isCompared: true })
    }
  }
  return parts
}

/**
 * All parts with their ETags and the checksums that the signer requires, for a signer or bucket that
 * cannot list them, or that compares them: there, the ETag is the MD5.
 */
export async function nameParts(
  job: PartsJob,
  { parts }: MultipartUpload,
  units: (TransferUnit & { partNumber: number })[],
): Promise<CompletedPart[]> {
  const named: CompletedPart[] = []
  for (const { partNumber, body } of units) {
    job.signal.throwIfAborted()
    const part = parts.get(partNumber)
    const isKnown = part?.etag && (part.digests || job.signer.checksums.length === 0)
    const digests = isKnown ? part.digests : await job.tools.digestAll(job, body)
    const { md5, ...checksums } = digests ?? {}
    const etag = part?.etag || job.tools.etagOf(digests)
    if (!etag) throw new UploadError('parts-needed', job.file.name)
    named.push({ partNumber, etag, ...checksums })
  }
  return named
}

function isUncompared({ isCompared = true }: StoredPart): boolean {
  return !isCompared
}
