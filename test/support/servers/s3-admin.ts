/** What tests need from a bucket besides uploading to it: make it, look into it, take it down. */
import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import type { Gateway } from './ceph.ts'

/** One rule of a bucket's CORS configuration. */
export interface CorsRule {
  origins: string[]
  methods: string[]
  headers?: string[]
  exposeHeaders?: string[]
  maxAgeSeconds?: number
}

/** The rule that the documentation asks for: any page may upload, and may read the ETag. */
export const OPEN_CORS: CorsRule = {
  origins: ['*'],
  methods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
  headers: ['*'],
  exposeHeaders: ['ETag'],
  maxAgeSeconds: 3000,
}

/** An object as a listing shows it; the ETag has no quotes. */
export interface ListedObject {
  key: string
  size: number
  etag: string
}

/** A multipart upload that is neither completed nor aborted. */
export interface ListedUpload {
  key: string
  uploadId: string
}

/** An object's headers and, unless only the head was asked for, its content. */
export interface StoredObject {
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** The address of a key in path style, with every character that has a meaning in a URL encoded. */
export function objectUrl(gateway: Gateway, bucket: string, key: string): string {
  return `${gateway.endpoint}/${bucket}/${key.split('/').map(encodeKeyPart).join('/')}`
}

function encodeKeyPart(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
}

/** Sends one request, signed in its headers; rejects unless the answer is 2xx or 404. */
export async function request(
  gateway: Gateway,
  url: string,
  init: RequestInit = {},
): Promise<Response> {
  const { accessKeyId, secretAccessKey, region } = gateway
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
  const response = await client.fetch(url, init)
  if (!response.ok && response.status !== 404) {
    const text = await response.text()
    throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`)
  }
  return response
}

/** Like `request`, for what has to be there. */
async function demand(gateway: Gateway, url: string, init: RequestInit = {}): Promise<string> {
  const response = await request(gateway, url, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`)
  return text
}

/** Creates a bucket, with CORS rules if there are any; names need three letters or more. */
export async function createBucket(
  gateway: Gateway,
  bucket: string,
  cors: CorsRule[] = [],
): Promise<void> {
  await demand(gateway, `${gateway.endpoint}/${bucket}`, { method: 'PUT' })
  if (cors.length > 0) await putCors(gateway, bucket, cors)
}

/** Replaces the bucket's CORS rules; none at all takes the configuration away. */
export async function putCors(gateway: Gateway, bucket: string, rules: CorsRule[]): Promise<void> {
  const url = `${gateway.endpoint}/${bucket}?cors`
  if (rules.length === 0) return void (await demand(gateway, url, { method: 'DELETE' }))
  const body = corsXml(rules)
  // Ceph does without; most others do not.
  const headers = { 'Content-MD5': createHash('md5').update(body).digest('base64') }
  await demand(gateway, url, { method: 'PUT', headers, body })
}

/** The rules as the XML that PutBucketCors takes. */
export function corsXml(rules: CorsRule[]): string {
  return `<CORSConfiguration>${rules.map(ruleXml).join('')}</CORSConfiguration>`
}

function ruleXml(rule: CorsRule): string {
  const tags = (name: string, values: (string | number)[] = []) =>
    values.map((value) => `<${name}>${escapeXml(String(value))}</${name}>`).join('')
  return `<CORSRule>${[
    tags('AllowedOrigin', rule.origins),
    tags('AllowedMethod', rule.methods),
    tags('AllowedHeader', rule.headers),
    tags('ExposeHeader', rule.exposeHeaders),
    tags('MaxAgeSeconds', rule.maxAgeSeconds === undefined ? [] : [rule.maxAgeSeconds]),
  ].join('')}</CORSRule>`
}

/** An object with its content; undefined if there is none. */
export async function getObject(
  gateway: Gateway,
  bucket: string,
  key: string,
): Promise<StoredObject | undefined> {
  const response = await request(gateway, objectUrl(gateway, bucket, key))
  const body = new Uint8Array(await response.arrayBuffer())
  return response.ok ? { headers: response.headers, body } : undefined
}

/** An object's headers; undefined if there is none. */
export async function headObject(
  gateway: Gateway,
  bucket: string,
  key: string,
): Promise<Headers | undefined> {
  const response = await request(gateway, objectUrl(gateway, bucket, key), { method: 'HEAD' })
  return response.ok ? response.headers : undefined
}

/** Removes an object; that there is none is no error. */
export async function deleteObject(gateway: Gateway, bucket: string, key: string): Promise<void> {
  await request(gateway, objectUrl(gateway, bucket, key), { method: 'DELETE' })
}

/** Every object whose key starts with `prefix`, in the order of their keys. */
export async function listObjects(
  gateway: Gateway,
  bucket: string,
  prefix = '',
): Promise<ListedObject[]> {
  const objects: ListedObject[] = []
  let token: string | undefined
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix })
    if (token !== undefined) query.set('continuation-token', token)
    const xml = await demand(gateway, `${gateway.endpoint}/${bucket}?${query}`)
    objects.push(...elements(xml, 'Contents').map(listedObject))
    token = text(xml, 'NextContinuationToken')
  } while (token !== undefined)
  return objects
}

function listedObject(xml: string): ListedObject {
  const etag = (text(xml, 'ETag') ?? '').replaceAll('"', '')
  return { key: text(xml, 'Key') ?? '', size: Number(text(xml, 'Size')), etag }
}

/** Begins a multipart upload; resolves with its id. */
export async function createUpload(gateway: Gateway, bucket: string, key: string): Promise<string> {
  const url = `${objectUrl(gateway, bucket, key)}?uploads`
  return text(await demand(gateway, url, { method: 'POST' }), 'UploadId') ?? ''
}

/** Every multipart upload that still takes up space (the first thousand). */
export async function listMultipartUploads(
  gateway: Gateway,
  bucket: string,
): Promise<ListedUpload[]> {
  const xml = await demand(gateway, `${gateway.endpoint}/${bucket}?uploads`)
  return elements(xml, 'Upload').map((upload) => ({
    key: text(upload, 'Key') ?? '',
    uploadId: text(upload, 'UploadId') ?? '',
  }))
}

/** Removes all that is in the bucket, unfinished uploads too, so that its memory is given back. */
export async function emptyBucket(gateway: Gateway, bucket: string): Promise<void> {
  for (const { key } of await listObjects(gateway, bucket)) await deleteObject(gateway, bucket, key)
  for (const { key, uploadId } of await listMultipartUploads(gateway, bucket)) {
    const query = new URLSearchParams({ uploadId })
    await request(gateway, `${objectUrl(gateway, bucket, key)}?${query}`, { method: 'DELETE' })
  }
}

/** Removes a bucket and all that is in it. */
export async function deleteBucket(gateway: Gateway, bucket: string): Promise<void> {
  await emptyBucket(gateway, bucket)
  await request(gateway, `${gateway.endpoint}/${bucket}`, { method: 'DELETE' })
}

/** The inner XML of every element of that name. Good enough for a gateway's flat listings. */
export function elements(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g')
  return [...xml.matchAll(pattern)].map((match) => match[1] ?? '')
}

export function text(xml: string, name: string): string | undefined {
  const [inner] = elements(xml, name)
  return inner === undefined ? undefined : unescapeXml(inner)
}

function escapeXml(value: string): string {
  return value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(value: string): string {
  return value.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return String.fromCodePoint(code)
  })
}
