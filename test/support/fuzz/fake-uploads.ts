/** Uploads in parts, as S3 has them. */
import { Refused, type Sent } from './access.ts'
import type { FakeBucket, Upload } from './fake-bucket.ts'
import { type Answer, type FakeS3, hexOf } from './fake-s3.ts'

/** So few parts are listed at a time, so that there is always a next page. */
const PAGE = 2

type Query = ReadonlyMap<string, string>

export function xml(text: string, status = 200): Answer {
  return { status, headers: {}, body: `<?xml version="1.0"?>${text}` }
}

export function element(name: string, content: string | number): string {
  return `<${name}>${content}</${name}>`
}

/** Answers a request to begin an upload, or to do something with one. */
export function answerUpload(
  s3: FakeS3,
  bucket: FakeBucket,
  key: string,
  query: Query,
  sent: Sent,
): Answer {
  if (query.has('uploads')) return begin(bucket, key, sent)
  const id = query.get('uploadId') ?? ''
  const upload = bucket.uploads.get(id)
  if (upload?.key !== key) throw new Refused(404, 'NoSuchUpload')
  const { method } = sent
  if (method === 'PUT') return storePart(upload, query, sent)
  if (method === 'GET') return listParts(s3, upload, query)
  if (method === 'DELETE') {
    bucket.uploads.delete(id)
    return { status: 204, headers: {}, body: '' }
  }
  return complete(s3, bucket, id, upload, sent)
}

function begin(bucket: FakeBucket, key: string, { headers }: Sent): Answer {
  const type = headers['content-type'] ?? ''
  const disposition = headers['content-disposition']
  const id = bucket.begin({ key, type, disposition })
  return xml(element('InitiateMultipartUploadResult', element('UploadId', id)))
}

function storePart(upload: Upload, query: Query, { headers, size = 0, md5 = '' }: Sent): Answer {
  if (headers['x-amz-copy-source'] !== undefined) throw new Refused(412, 'PreconditionFailed')
  const etag = hexOf(md5)
  upload.parts.set(Number(query.get('partNumber')), { size, etag })
  return { status: 200, headers: { ETag: `"${etag}"` }, body: '' }
}

function listParts({ options, world }: FakeS3, { parts }: Upload, query: Query): Answer {
  if (options.listsNoParts) throw new Refused(501, 'NotImplemented')
  const after = Number(query.get('part-number-marker') ?? 0)
  const numbers = [...parts.keys()].filter((number) => number > after)
  const page = numbers.sort((one, other) => one - other).slice(0, PAGE)
  if (page.length < numbers.length) world.note('parts listed page by page')
  const items = page.map((number) => {
    const { size, etag } = parts.get(number) ?? { size: 0, etag: '' }
    const fields = element('PartNumber', number) + element('ETag', `&quot;${etag}&quot;`)
    return element('Part', fields + element('Size', size))
  })
  const isMore = element('IsTruncated', String(page.length < numbers.length))
  const next = element('NextPartNumberMarker', page.at(-1) ?? after)
  return xml(element('ListPartsResult', isMore + next + items.join('')))
}

function complete(
  s3: FakeS3,
  bucket: FakeBucket,
  id: string,
  upload: Upload,
  { headers, xml: body = '' }: Sent,
): Answer {
  const named = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)]
  const parts = new Map<number, { size: number; etag: string }>()
  for (const [, number = '', etag = ''] of named) {
    const part = upload.parts.get(Number(number))
    if (part?.etag !== etag.replaceAll('&#34;', '')) throw new Refused(400, 'InvalidPart')
    parts.set(Number(number), part)
  }
  if (parts.size === 0) throw new Refused(400, 'MalformedXML')
  const isThere = bucket.objects.has(upload.key)
  if (isThere && headers['if-none-match'] === '*') throw new Refused(412, 'PreconditionFailed')
  if (isThere && s3.options.keepsObjects) {
    s3.world.fail(`An object was replaced by parts: ${upload.key}`)
  }
  bucket.complete(id, { ...upload, parts })
  return xml(element('CompleteMultipartUploadResult', ''))
}
