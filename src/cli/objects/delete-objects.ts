import { createHash } from 'node:crypto'
import { escapeXml, NAMESPACE } from '../../s3/complete-xml.ts'
import { elements, rootOf, textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { type Answer, explainAnswer, explainCode } from '../bucket/bucket-errors.ts'
import { askAgain } from '../bucket/bucket-request.ts'
import { checkObjectKey } from '../bucket/s3-address.ts'
import { asCliError } from '../frame/cli-error.ts'
import { sideBySide } from './side-by-side.ts'

/** As many keys as one request may name. */
const BATCH = 1000

/** Requests at a time where each names one key. */
const LANES = 8

/** What became of the keys. */
export interface Deleted {
  deleted: string[]
  failed: { key: string; error: { code: string; message: string } }[]
}

/**
 * Deletes objects, a thousand in a request where the server has DeleteObjects, and else one by one. A
 * key that is not there is none that failed.
 *
 * @param result gets what is done at once, so that it is known also after an error
 * @throws {CliError} where the bucket refuses it as a whole
 */
export async function deleteObjects(
  bucket: Bucket,
  keys: readonly string[],
  result: Deleted,
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < keys.length; start += BATCH) {
    signal.throwIfAborted()
    const batch = keys.slice(start, start + BATCH)
    const isDone = batch.length > 1 && (await deleteBatch(bucket, batch, result, signal))
    if (!isDone) await deleteEach(bucket, batch, result, signal)
  }
}

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 * @returns `false` where the server does not know this request
 */
async function deleteBatch(
  bucket: Bucket,
  keys: readonly string[],
  result: Deleted,
  signal: AbortSignal,
): Promise<boolean> {
  const inner = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join('')
  const body = `<Delete xmlns="${NAMESPACE}"><Quiet>true</Quiet>${inner}</Delete>`
  const headers = {
    'Content-MD5': createHash('md5').update(body).digest('base64'),
    'Content-Type': 'application/xml',
  }
  const request = { method: 'POST', query: { delete: '' }, headers, body } as const
  const answer = await askAgain(bucket, request, signal)
  if (isUnknown(answer)) return false
  if (answer.status !== 200 || rootOf(answer.body) !== 'DeleteResult') {
    throw explainAnswer(answer, bucket.bucket)
  }
  const refused = new Map(
    elements(answer.body, 'Error').map((xml) => [textOf(xml, 'Key'), textOf(xml, 'Code')]),
  )
  for (const key of keys) {
    const code = refused.get(key)
    if (code === undefined || code === 'NoSuchKey') result.deleted.push(key)
    else result.failed.push({ key, error: told(explainCode(code, bucket.bucket)) })
  }
  return true
}

function isUnknown({ status, body }: Answer): boolean {
  return status === 501 || status === 405 || textOf(body, 'Code') === 'NotImplemented'
}

async function deleteEach(
  bucket: Bucket,
  keys: readonly string[],
  result: Deleted,
  signal: AbortSignal,
): Promise<void> {
  await sideBySide(keys, LANES, async (key) => {
    signal.throwIfAborted()
    try {
      checkUrlKey(key)
      const answer = await askAgain(bucket, { method: 'DELETE', key }, signal)
      const isGone = answer.status < 300 || textOf(answer.body, 'Code') === 'NoSuchKey'
      if (!isGone) throw explainAnswer(answer, bucket.bucket)
      result.deleted.push(key)
    } catch (error) {
      signal.throwIfAborted()
      result.failed.push({ key, error: told(error) })
    }
  })
}

/**
 * Refuses a key whose URL could be read as that of another object, or of the bucket. An object that
 * stands for a folder ends with a slash.
 *
 * @throws {CliError} `invalid-key`
 */
export function checkUrlKey(key: string): void {
  checkObjectKey(key.replace(/\/$/, ''))
}

/** An error as the JSON has it. */
export function told(error: unknown): { code: string; message: string } {
  const { code, message } = asCliError(error)
  return { code, message }
}
