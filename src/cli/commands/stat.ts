import { textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { formatSize } from '../../util/format-size.ts'
import { explainAnswer } from '../bucket/bucket-errors.ts'
import { askAgain } from '../bucket/bucket-request.ts'
import { parseObject } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io } from '../frame/command.ts'
import { printable } from '../frame/printable.ts'

/** Tells what is stored with one object. */
export const statCommand: Command = {
  name: 'stat',
  summary: 'tell size, type, date and metadata of an object',
  usage: ['stat s3://bucket/key'],
  options: { ...TARGET_OPTIONS },
  async run(values, [text, ...more], io) {
    const { bucket: name, key } = parseObject(text)
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const bucket = await findBucket(name, values, io)
    const headers = await head(bucket, key, io.signal)
    print({ bucket: name, key, ...read(headers) }, io)
    return EXIT.ok
  },
}

/** What is stored with an object; what is not set is left out. */
type Stat = { size: number; metadata: Record<string, string> } & Record<
  string,
  string | number | Record<string, string>
>

/** Headers that have a text of their own, by their names in the JSON. */
const TEXTS: [name: string, header: string][] = [
  ['type', 'Content-Type'],
  ['cacheControl', 'Cache-Control'],
  ['contentDisposition', 'Content-Disposition'],
  ['contentEncoding', 'Content-Encoding'],
  ['contentLanguage', 'Content-Language'],
  ['storageClass', 'x-amz-storage-class'],
  ['encryption', 'x-amz-server-side-encryption'],
  ['versionId', 'x-amz-version-id'],
]

const METADATA = 'x-amz-meta-'

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
async function head(bucket: Bucket, key: string, signal: AbortSignal): Promise<Headers> {
  const answer = await askAgain(bucket, { method: 'HEAD', key }, signal)
  if (answer.status === 200) return answer.headers
  // The answer to HEAD has no body, and so no code: that to GET has.
  const headers = { Range: 'bytes=0-0' }
  const refusal = await askAgain(bucket, { method: 'GET', key, headers }, signal)
  const isRefusal = textOf(refusal.body, 'Code') !== '' && refusal.status >= 300
  throw explainAnswer(isRefusal ? refusal : answer, bucket.bucket)
}

function read(headers: Headers): Stat {
  const modified = Date.parse(headers.get('Last-Modified') ?? '')
  const texts = TEXTS.flatMap(([name, header]) => {
    const value = headers.get(header)
    return value === null ? [] : [[name, value]]
  })
  const metadata = [...headers].flatMap(([name, value]) =>
    name.startsWith(METADATA) ? [[name.slice(METADATA.length), value]] : [],
  )
  return {
    size: Number(headers.get('Content-Length')),
    etag: (headers.get('ETag') ?? '').replaceAll('"', ''),
    ...(Number.isNaN(modified) ? {} : { modified: new Date(modified).toISOString() }),
    ...Object.fromEntries(texts),
    metadata: Object.fromEntries(metadata),
  }
}

function print(found: Stat & { bucket: string; key: string }, io: Io): void {
  if (io.json) {
    io.out(JSON.stringify(found))
    return
  }
  const { bucket, key, size, metadata, ...rest } = found
  const rows: [string, string][] = [
    ['address', `s3://${bucket}/${key}`],
    ['size', `${size} bytes${size < 1000 ? '' : ` (${formatSize(size)})`}`],
    ...Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
    ...Object.entries(metadata).map(([name, value]): [string, string] => [`meta ${name}`, value]),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, value] of rows) io.out(`${name.padEnd(width)}  ${printable(value)}`)
}
