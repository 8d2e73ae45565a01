import { elements, rootOf, textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { explainAnswer } from '../bucket/bucket-errors.ts'
import { askAgain } from '../bucket/bucket-request.ts'
import { CliError } from '../frame/cli-error.ts'

/** An object as a listing has it. */
export interface Listed {
  key: string
  /** Bytes. */
  size: number
  /** An ISO 8601 date. */
  modified: string
  /** Without quotes. */
  etag: string
}

/** Up to a thousand objects, and the folders between them. */
export interface Page {
  objects: Listed[]
  /** What the keys of more objects begin with, up to the next slash. */
  folders: string[]
}

/**
 * The objects whose keys begin with a prefix, page by page.
 *
 * @param delimiter `/` for one level; "" for all that is below
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @throws {CliError}
 */
export async function* listPages(
  bucket: Bucket,
  prefix: string,
  delimiter: '/' | '',
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let token: string | undefined
  for (;;) {
    const query: Record<string, string> = { 'list-type': '2', 'encoding-type': 'url', prefix }
    if (delimiter) query.delimiter = delimiter
    if (token) query['continuation-token'] = token
    const answer = await askAgain(bucket, { method: 'GET', query }, signal)
    const { body } = answer
    if (rootOf(body) !== 'ListBucketResult') throw explainAnswer(answer, bucket.bucket)
    const read = keyReader(body)
    yield {
      objects: elements(body, 'Contents').map((xml) => ({
        key: read(xml, 'Key'),
        size: Number(textOf(xml, 'Size')),
        modified: textOf(xml, 'LastModified'),
        etag: textOf(xml, 'ETag').replaceAll('"', ''),
      })),
      folders: elements(body, 'CommonPrefixes').map((xml) => read(xml, 'Prefix')),
    }
    if (textOf(body, 'IsTruncated') !== 'true') return
    const next = textOf(body, 'NextContinuationToken')
    if (next === '' || next === token) throw endless(bucket)
    token = next
  }
}

/** All objects below a prefix. */
export async function listAll(
  bucket: Bucket,
  prefix: string,
  signal: AbortSignal,
): Promise<Listed[]> {
  const all: Listed[] = []
  for await (const { objects } of listPages(bucket, prefix, '', signal)) all.push(...objects)
  return all
}

/**
 * Reads keys of a listing. XML cannot have control characters, so keys are asked for as in a URL; a
 * server that cannot do so does not say that it did.
 */
function keyReader(body: string): (xml: string, name: string) => string {
  if (textOf(body, 'EncodingType') !== 'url') return textOf
  return (xml, name) => decode(textOf(xml, name))
}

/** Amazon S3 writes a space as "+". */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Going on would never end. */
export function endless({ bucket }: Bucket): CliError {
  return new CliError(
    'bucket-refused',
    `The listing of "${bucket}" has more pages, and the server does not say where the next one begins.`,
  )
}
