import { elements } from '../../s3/xml.ts'
import type { Call } from '../context.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { SignerError } from '../signer-error.ts'

/** How many more files a caller may upload, shared by all requests of one call. */
export interface Room {
  left: number
}

/** The most that one listing of a bucket tells. */
export const MAX_COUNTED = 1000

/**
 * Takes a place for one more file, where the caller may have so many only.
 *
 * The bucket itself is counted, so that no signer has to remember anything. What is still on its way is
 * not in the bucket yet: two calls at the same time can both get the last place.
 *
 * @throws {SignerError} `quota-reached`, or `internal-error` when the bucket cannot be listed
 */
export async function takePlace(call: Call): Promise<void> {
  const { maxFiles } = call.limits
  if (maxFiles === undefined) return
  call.room ??= countRoom(call, maxFiles)
  const room = await call.room
  if (room.left <= 0) {
    throw new SignerError('quota-reached', `The limit is reached: ${maxFiles} files.`)
  }
  room.left -= 1
}

async function countRoom({ settings, prefix }: Call, maxFiles: number): Promise<Room> {
  if (maxFiles === 0) return { left: 0 }
  const bucket = openBucket(settings)
  const list = {
    operation: 'ListObjectsV2',
    method: 'GET',
    key: '',
    query: { 'list-type': '2', 'max-keys': String(maxFiles), prefix },
    expects: /^ListBucketResult$/,
  } as const
  const answer = await bucket.ask(list)
  if (answer.problem !== undefined) throw bucket.refusal(list, answer)
  return { left: maxFiles - elements(answer.body, 'Contents').length }
}
