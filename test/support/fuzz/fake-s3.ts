/** A server that speaks S3 as far as a signer and its pages do, and checks what is signed. */

import { checkAccess, checkForm, type Form, Refused, type Sent } from './access.ts'
import { FakeBucket, type Stored } from './fake-bucket.ts'
import { answerUpload, element, xml } from './fake-uploads.ts'
import type { World } from './world.ts'

/** An answer, as it goes over the wire. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** What was read or stored. */
  object?: Stored
}

/** How servers differ. */
export interface S3Options {
  /** Takes headers that begin with "x-amz-" and are not signed, as some do. */
  isLenient?: boolean
  /** Cannot list parts. */
  listsNoParts?: boolean
  /** A signer may remove what its pages have stored. */
  removesObjects?: boolean
  /** No object is ever to be replaced by what a signer has signed. */
  keepsObjects?: boolean
}

/** Where a bucket is, and what is in it. */
export interface Place {
  /** What comes before the key in a URL. */
  base: string
  bucket: FakeBucket
}

export class FakeS3 {
  readonly places: readonly Place[]
  readonly options: S3Options
  readonly world: World

  constructor(world: World, bases: Readonly<Record<string, string>>, options: S3Options) {
    this.world = world
    this.options = options
    this.places = Object.entries(bases).map(([name, base]) => ({
      base,
      bucket: new FakeBucket(name, () => world.now),
    }))
  }

  /** Answers a request with a presigned URL. */
  answer(sent: Sent): Answer {
    return this.#orRefuse(() => {
      const { query } = checkAccess(this, sent)
      const { bucket, key } = this.locate(sent.url)
      if (key === '') return this.#answerBucket(bucket, query)
      if (query.has('uploads') || query.has('uploadId')) {
        return answerUpload(this, bucket, key, query, sent)
      }
      return this.#answerObject(bucket, key, query, sent)
    })
  }

  /** Answers a form with a POST policy. */
  submit(form: Form): Answer {
    return this.#orRefuse(() => {
      const place = this.places.find(({ base }) => base === form.url)
      if (place === undefined) throw new Refused(404, 'NoSuchBucket')
      checkForm(this.world, place.bucket.name, form)
      const { key = '', 'Content-Type': type = '' } = form.fields
      const disposition = form.fields['Content-Disposition']
      const object = { size: form.size, type, etag: hexOf(form.md5), disposition }
      this.store(place.bucket, key, object)
      return { status: 201, headers: {}, body: '', object }
    })
  }

  /** Finds the bucket of a URL, and the key. */
  locate(url: string): { bucket: FakeBucket; key: string } {
    const [address = ''] = url.split('?')
    const place = this.places.find(({ base }) => address.startsWith(base))
    if (place === undefined) throw new Refused(404, 'NoSuchBucket')
    return { bucket: place.bucket, key: decodeURIComponent(address.slice(place.base.length)) }
  }

  /** Stores what a signer has allowed. */
  store(bucket: FakeBucket, key: string, object: Stored): void {
    if (this.options.keepsObjects && bucket.objects.has(key)) {
      this.world.fail(`An object was replaced: ${key}`)
    }
    bucket.write(key, object)
  }

  #orRefuse(act: () => Answer): Answer {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return xml(element('Error', element('Code', error.code)), error.status)
    }
  }

  #answerBucket(bucket: FakeBucket, query: ReadonlyMap<string, string>): Answer {
    const prefix = query.get('prefix') ?? ''
    if (query.has('uploads')) {
      const uploads = [...bucket.uploads].filter(([, { key }]) => key.startsWith(prefix))
      const items = uploads.map(([id, { key }]) =>
        element('Upload', element('Key', escapeXml(key)) + element('UploadId', id)),
      )
      return xml(element('ListMultipartUploadsResult', items.join('')))
    }
    if (!query.has('list-type')) throw new Refused(400, 'InvalidRequest')
    const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix))
    const items = keys.slice(0, Number(query.get('max-keys'))).map(() => element('Contents', ''))
    return xml(element('ListBucketResult', items.join('')))
  }

  #answerObject(
    bucket: FakeBucket,
    key: string,
    query: ReadonlyMap<string, string>,
    sent: Sent,
  ): Answer {
    if (sent.method === 'PUT') return this.#put(bucket, key, sent)
    if (sent.method === 'DELETE' && this.options.removesObjects) {
      return this.#remove(bucket, key, sent)
    }
    if (sent.method !== 'GET' && sent.method !== 'HEAD') {
      this.world.fail(`${sent.method} was signed for an object: ${key}`)
      throw new Refused(405, 'MethodNotAllowed')
    }
    const object = bucket.objects.get(key)
    if (object === undefined) throw new Refused(404, 'NoSuchKey')
    const headers = {
      'Content-Length': String(object.size),
      'Content-Type': query.get('response-content-type') ?? object.type,
      ETag: `"${object.etag}"`,
      'Last-Modified': new Date(object.modified ?? 0).toUTCString(),
    }
    return { status: 200, headers, body: '', object }
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html for the condition */
  #remove(bucket: FakeBucket, key: string, { headers }: Sent): Answer {
    const object = bucket.objects.get(key)
    const wanted = headers['if-match']
    if (object && wanted !== undefined && wanted !== `"${object.etag}"`) {
      throw new Refused(412, 'PreconditionFailed')
    }
    if (object) bucket.removed.push({ key, object })
    bucket.remove(key)
    return { status: 204, headers: {}, body: '' }
  }

  #put(bucket: FakeBucket, key: string, sent: Sent): Answer {
    const { headers, md5 = '', size = 0 } = sent
    if (headers['x-amz-copy-source'] !== undefined) {
      if (headers['x-amz-copy-source-if-match'] !== undefined) {
        throw new Refused(412, 'PreconditionFailed')
      }
      this.world.fail(`A URL copied another object: ${key}`)
    }
    if (headers['if-none-match'] === '*' && bucket.objects.has(key)) {
      this.world.note('replacing refused by the bucket')
      throw new Refused(412, 'PreconditionFailed')
    }
    const type = headers['content-type'] ?? ''
    const disposition = headers['content-disposition']
    const object = { size, type, etag: hexOf(md5), disposition }
    this.store(bucket, key, object)
    return { status: 200, headers: { ETag: `"${object.etag}"` }, body: '', object }
  }
}

export function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex')
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
}
