/**
 * Signs URLs in turns, and prints how many each contestant signs in a second of processor time, as
 * JSON. That is what a machine with nothing else to do takes, and what edge runtimes count. A process
 * of its own, since the scenario `signing` keeps it on one core.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { AwsV4Signer } from 'aws4fetch'
import { createSigner, presign, s3 } from '../src/server/index.ts'
import { median } from './scenario.ts'

const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not/a+real/secret' }
const REGION = 'us-east-1'
const BUCKET = s3({ bucket: 'photos', region: REGION, ...CREDENTIALS })
const FILE = { name: 'cat.jpg', size: 48_211, type: 'image/jpeg' }
/** URLs in one turn of a contestant: one second or less. */
const URLS = 2000
/** Turns that count. */
const TURNS = 5
/** Turns before them, until all that is called often has been compiled, as in a server that runs. */
const WARM_UP = 5

/** Signs so many URLs, for keys that are each another. */
type Contestant = (urls: number) => Promise<void>

const client = new S3Client({
  region: REGION,
  credentials: CREDENTIALS,
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
})

async function byAws(urls: number): Promise<void> {
  const place = { Bucket: 'photos', ContentType: FILE.type, ContentLength: FILE.size }
  const signableHeaders = new Set(['content-type', 'content-length', 'host'])
  for (let at = 0; at < urls; at += 1) {
    const command = new PutObjectCommand({ ...place, Key: `users/42/${at}/cat.jpg` })
    await getSignedUrl(client, command, { expiresIn: 900, signableHeaders })
  }
}

async function byAws4fetch(urls: number): Promise<void> {
  const cache = new Map()
  for (let at = 0; at < urls; at += 1) {
    const signer = new AwsV4Signer({
      method: 'PUT',
      url: `https://s3.us-east-1.amazonaws.com/photos/users/42/${at}/cat.jpg?X-Amz-Expires=900`,
      headers: { 'Content-Type': FILE.type, 'Content-Length': String(FILE.size) },
      ...CREDENTIALS,
      service: 's3',
      region: REGION,
      signQuery: true,
      allHeaders: true,
      cache,
    })
    await signer.sign()
  }
}

async function byPresign(urls: number): Promise<void> {
  const headers = { 'Content-Type': FILE.type, 'Content-Length': String(FILE.size) }
  for (let at = 0; at < urls; at += 1) {
    const key = `users/42/${at}/cat.jpg`
    await presign(BUCKET, { method: 'PUT', key, headers, expiresIn: 900, now: new Date() })
  }
}

const signer = createSigner({ bucket: BUCKET, authorize: 'everybody' })

/** The whole signer: a call with 100 files has 200 URLs and 100 grants in its answer. */
async function bySigner(urls: number): Promise<void> {
  const requests = Array.from({ length: 100 }, (_, id) => ({
    id: String(id),
    op: 'put',
    file: FILE,
  }))
  const body = JSON.stringify({ version: 1, requests })
  for (let done = 0; done < urls; done += 200) {
    const headers = { 'Content-Type': 'application/json' }
    const request = new Request('https://app.example/sign', { method: 'POST', headers, body })
    await (await signer(request)).arrayBuffer()
  }
}

const CONTESTANTS: [name: string, run: Contestant][] = [
  ['@aws-sdk/s3-request-presigner', byAws],
  ['aws4fetch', byAws4fetch],
  ['bucket-upload, presign', byPresign],
  ['bucket-upload, createSigner', bySigner],
]

async function rate(run: Contestant): Promise<number> {
  const start = process.cpuUsage()
  await run(URLS)
  const { user, system } = process.cpuUsage(start)
  return (URLS / (user + system)) * 1e6
}

const turns = TURNS * Number(process.argv[2] ?? 1)
const rates = new Map<string, number[]>(CONTESTANTS.map(([name]) => [name, []]))
for (const [, run] of CONTESTANTS) await run(WARM_UP * URLS)
for (let turn = 0; turn < turns; turn += 1) {
  for (const [name, run] of CONTESTANTS) rates.get(name)?.push(await rate(run))
}
console.log(JSON.stringify([...rates].map(([name, all]) => [name, median(all)])))
