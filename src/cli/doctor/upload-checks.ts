/** Can a page upload, and in the ways that are fast? */

import { elements, textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { presign, signForm, uploadKeysOf } from '../../server/internal.ts'
import { explainAnswer } from '../bucket/bucket-errors.ts'
import { ask, withLimit } from '../bucket/bucket-request.ts'
import { removesUnfinished } from '../bucket/lifecycle-configuration.ts'
import { type Check, CONTENT, demand, finding, type Patient, untilAnswered } from './check.ts'
import { pageHeaders } from './page-requests.ts'

const NO_ORIGIN = { skip: 'say where the page is, by "--origin https://app.example"' }

/** The remedy is the same whatever is missing. */
function applyRule({ bucket, origin }: Patient): string {
  return `run "bucket-upload cors apply --origin ${origin} s3://${bucket.bucket}"`
}

/** Asks as a browser does before a page may send a PUT. */
export async function askPreflight(
  { key, signal }: Patient,
  bucket: Bucket,
  origin: string,
): Promise<Response> {
  const { url } = await presign(bucket, { method: 'PUT', key, expiresIn: 300, now: new Date() })
  const names = await pageHeaders(bucket, key)
  const headers = {
    Origin: origin,
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': names.sort().join(),
  }
  return fetch(url, { method: 'OPTIONS', headers, signal: withLimit(signal) })
}

const preflight: Check = {
  name: 'cors',
  title: 'the bucket lets the page upload',
  needs: ['put'],
  async run(patient) {
    const { bucket, origin } = patient
    if (origin === undefined) return NO_ORIGIN
    const answer = await askPreflight(patient, bucket, origin)
    const allowed = answer.headers.get('Access-Control-Allow-Origin')
    const methods = answer.headers.get('Access-Control-Allow-Methods') ?? ''
    const isOpen = answer.ok && (allowed === '*' || allowed === origin)
    if (isOpen && /\bPUT\b|\*/.test(methods)) return undefined
    throw finding(
      'cors-blocked',
      `The bucket does not let ${origin} upload: ${applyRule(patient)}.`,
    )
  },
}

const etag: Check = {
  name: 'etag',
  title: 'the page may read the ETag',
  needs: ['cors'],
  async run(patient) {
    const { bucket, key, origin, signal } = patient
    if (origin === undefined) return NO_ORIGIN
    const headers = { Origin: origin }
    const answer = demand(await ask(bucket, { method: 'GET', key, headers }, signal), patient)
    const exposed = answer.headers.get('Access-Control-Expose-Headers') ?? ''
    if (/(?:^|[\s,])(?:etag|\*)(?:$|[\s,])/i.test(exposed)) return undefined
    throw finding(
      'etag-hidden',
      `The CORS rule hides the ETag, which costs a request more for each large file: ${applyRule(patient)}.`,
    )
  },
}

const multipart: Check = {
  name: 'multipart',
  title: 'large files can go up in parts, be listed, and be thrown away',
  needs: ['put'],
  async run(patient) {
    const { bucket, key, signal } = patient
    const begun = await ask(
      bucket,
      { method: 'POST', key, query: { uploads: '' } },
      untilAnswered(),
    )
    const uploadId = textOf(begun.body, 'UploadId')
    if (begun.status !== 200 || uploadId === '') throw noParts(explainAnswer(begun, bucket.bucket))
    const part = { key, query: { partNumber: '1', uploadId } } as const
    const answers: [what: string, status: number][] = []
    try {
      const stored = await ask(bucket, { method: 'PUT', ...part, body: CONTENT }, signal)
      answers.push(['UploadPart', stored.status])
      const listed = await ask(bucket, { method: 'GET', key, query: { uploadId } }, signal)
      const isListed = textOf(listed.body, 'PartNumber') === '1'
      answers.push(['ListParts', isListed ? listed.status : 0])
    } finally {
      const request = { method: 'DELETE', key, query: { uploadId } } as const
      const gone = await ask(bucket, request, untilAnswered())
      answers.push(['AbortMultipartUpload', gone.status])
    }
    const [failed] = answers.filter(([, status]) => status < 200 || status > 299)
    if (!failed) return undefined
    throw finding(
      'no-multipart',
      `${failed[0]} failed, so files over 16 MiB cannot be uploaded: give the keys the right to it.`,
    )
  },
}

const unfinished: Check = {
  name: 'lifecycle',
  title: 'a rule removes the parts of uploads that are not finished',
  needs: ['multipart'],
  optional: true,
  async run({ bucket, signal }) {
    if (bucket.provider === 'storj') return undefined
    const answer = await ask(bucket, { method: 'GET', query: { lifecycle: '' } }, signal)
    if (answer.status === 403) return { skip: 'the keys may not read the rules' }
    if (answer.status === 405 || answer.status === 501) return { skip: 'the server has no rules' }
    if (elements(answer.body, 'Rule').some(removesUnfinished)) return undefined
    throw finding(
      'no-lifecycle-rule',
      `Parts of uploads that nobody finishes stay, and are paid for, unless the server removes them by itself: run "bucket-upload lifecycle apply s3://${bucket.bucket}".`,
    )
  },
}

function noParts({ message }: Error) {
  return finding(
    'no-multipart',
    `Files over 16 MiB cannot be uploaded, as CreateMultipartUpload failed: give the keys the right to it. ${message}`,
  )
}

const form: Check = {
  name: 'post-policy',
  title: 'small files can go up as forms, which is faster',
  needs: ['put'],
  optional: true,
  async run(patient) {
    const { bucket, key } = patient
    const size = CONTENT.length
    const now = new Date()
    const options = { key, size, type: 'text/plain', expiresIn: 300, now }
    const { url, fields } = signForm(bucket, await uploadKeysOf(bucket, now), options)
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    body.append('file', new Blob([CONTENT], { type: 'text/plain' }))
    const answer = await fetch(url, { method: 'POST', body, signal: untilAnswered() })
    await answer.arrayBuffer()
    if (answer.status === 201) return undefined
    throw finding(
      'no-post-policy',
      'The server takes no forms with a policy: leave "postPolicy" off in the signer.',
    )
  },
}

/** In the order in which they are run. */
export const UPLOAD_CHECKS: readonly Check[] = [preflight, etag, multipart, unfinished, form]
