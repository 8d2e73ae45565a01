import type { Lanes, PartRequest, SignedPart, SignedResponse } from '../../protocol/index.ts'
import type { Bucket } from '../api/bucket.ts'
import type { MultipartGrant, RequestContext, Settings } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { checkLimits } from '../rules/limits.ts'
import { signUrl } from '../sign/presign.ts'
import { checksumHeader, contentMd5 } from './integrity.ts'

/**
 * `part`: signs the URL that stores one part.
 *
 * "A signer that has chosen `partSize` knows how large each part is, and signs just that: `partSize`,
 * or the rest for the last one, and no number above it." Of a stream it signs the size that the part has,
 * which is never larger.
 *
 * @see docs/signer-protocol.md, "part"
 * @throws {SignerError} `invalid-grant`, `checksum-needed`, or `bad-request` for a number, a size or
 *   a digest that cannot be; as for a new file if the caller's limits have become narrower
 */
export async function answerPart(
  context: RequestContext,
  request: PartRequest,
): Promise<SignedResponse> {
  const { settings } = context
  const grant = settings.grants.read(request.grant, context, 'multipart')
  checkLimits(grant, context.limits)
  // The checksum from when the upload began: the bucket takes no other, whatever the settings are now.
  const integrity = { ...contentMd5(request), ...checksumHeader(request, grant.checksum) }
  checkPart(request, grant)
  const { partNumber, size = sizeOfPart(grant, partNumber) } = request
  const signed = signPart(context, grant, { partNumber, size }, integrity)
  return { id: request.id, method: 'PUT', ...signed }
}

/** Signs the URL of one part. @param integrity the headers of its digests */
export function signPart(
  { settings, uploadKeys, now }: RequestContext,
  grant: MultipartGrant,
  { partNumber, size }: { partNumber: number; size: number },
  integrity: Record<string, string>,
): Omit<SignedPart, 'partNumber'> {
  const { 'x-amz-acl': _, ...guards } = settings.bucket.guardHeaders
  const headers = { ...integrity, ...guards }
  const sign = (bucket: Bucket) =>
    signUrl(bucket, uploadKeys, {
      method: 'PUT',
      key: grant.key,
      query: { partNumber: String(partNumber), uploadId: grant.uploadId },
      headers: { 'Content-Length': String(size), ...headers },
      expiresIn: settings.uploadExpires,
      now,
    })
  const { url, expiresAt } = sign(settings.bucket)
  const lanes = lanesOf(settings, (bucket) => sign(bucket).url)
  return { url, headers, expiresAt, ...(lanes && { lanes }) }
}

/** The same request by other connections: nothing that the first one does not allow. */
function lanesOf(
  { bucket: { lanes = [] }, otherName }: Settings,
  sign: (bucket: Bucket) => string,
): Lanes | undefined {
  if (lanes.length === 0) return undefined
  return {
    ...(otherName && { urls: [sign(otherName)] }),
    ...(lanes.includes('credentials') && { credentials: true }),
  }
}

function checkPart({ partNumber, size }: PartRequest, grant: MultipartGrant): void {
  const count = partCount(grant)
  if (partNumber > count) {
    throw new SignerError(
      'bad-request',
      `The upload has ${count} parts, and no part ${partNumber}.`,
    )
  }
  const right = sizeOfPart(grant, partNumber)
  if (grant.isStream) {
    if (size !== undefined && size > 0 && size <= right) return
    throw new SignerError(
      'bad-request',
      `Part ${partNumber} needs a size from 1 to ${right} bytes.`,
    )
  }
  if (size === undefined || size === right) return
  throw new SignerError('bad-request', `Part ${partNumber} must have ${right} bytes, not ${size}.`)
}

/** How many parts an upload has, or a stream at most. An empty file has one empty part. */
export function partCount({ size, partSize }: MultipartGrant): number {
  return Math.max(1, Math.ceil(size / partSize))
}

/** How large a part is, or that of a stream at most, in bytes. */
export function sizeOfPart(grant: MultipartGrant, partNumber: number): number {
  return Math.min(grant.partSize, grant.size - (partNumber - 1) * grant.partSize)
}
