/** What happens when the answer to the browser's own CompleteMultipartUpload is lost. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/api/options.ts'
import { SignerClient } from '../../../src/engine/signer/signer-client.ts'
import { FileProgress } from '../../../src/engine/uploader/file-progress.ts'
import { LinkRenewer } from '../../../src/engine/uploader/link-renewer.ts'
import { uploadInParts } from '../../../src/engine/uploader/put-parts.ts'
import { Sender } from '../../../src/engine/uploader/sender/sender.ts'
import { type PartsJob, TOOLS } from '../../../src/engine/uploader/tools.ts'
import type { SignedResponse } from '../../../src/protocol/index.ts'

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest()
const md5Of = async (body: Blob) => ({ md5: md5(await body.bytes()).toString('base64') })
const CONTENT = ['aaaaaaaaaa', 'bbbbbbbbbb']
const HASHES = CONTENT.map((text) => md5(new TextEncoder().encode(text)))
const ETAG = `"${md5(Buffer.concat(HASHES)).toString('hex')}-2"`

/** Uploads two parts. The first answer to the POST is lost, and the second is `NoSuchUpload`. */
async function upload(context: TestContext, etag: string) {
  const created: string[] = []
  const signer: SignerFunction = (requests) =>
    requests.map(({ id, op }) => {
      if (op === 'create') created.push(id)
      const answers: Record<string, object> = {
        create: { grant: 'g', key: 'k', partSize: 10 },
        part: { url: 'https://b.example/k' },
        complete: { url: 'https://b.example/complete', downloadUrl: 'https://b.example/download' },
      }
      return { id, ...answers[op] } as SignedResponse
    })
  let posts = 0
  context.mock.method(globalThis, 'fetch', async (url: string) => {
    if (url.endsWith('/download')) return new Response('a', { headers: { ETag: etag } })
    posts++
    if (posts === 1) throw new TypeError('The connection was lost.')
    if (posts > 2) return new Response('<R><ETag>"made"</ETag></R>')
    return new Response('<Error><Code>NoSuchUpload</Code></Error>', { status: 404 })
  })
  const client = new SignerClient(() => ({ signer }))
  client.learnEtags(false)
  const sender = new Sender({
    transport: { put: async (_, { presign }) => void (await presign()) },
    ...{ settings: { limit: 2, stallTimeout: 1000, retryFor: 60_000 }, signIn: async () => false },
    hash: md5Of,
  })
  const file = new File(CONTENT, 'film.mp4')
  const info = { id: 'f', name: file.name, size: 20, type: '', path: '', meta: {}, file }
  const links = new LinkRenewer(
    () => client,
    () => undefined,
  )
  const job = {
    ...{ file: info, checkpoint: {}, options: {}, signer: client, sender, links },
    signal: new AbortController().signal,
    tools: TOOLS,
    hasher: { digest: md5Of },
    progress: new FileProgress(20, () => {}),
    isWanted: () => true,
  } as unknown as PartsJob
  const stored = await uploadInParts(job)
  return { stored, created: created.length }
}

test('an object whose ETag is that of its parts is there, and nothing is sent again', async (context) => {
  const { stored, created } = await upload(context, ETAG)
  assert.equal(created, 1)
  assert.equal(`"${stored.etag}"`, ETAG)
  assert.equal(stored.signed.downloadUrl, 'https://b.example/download')
})

test('another object, or a page, is none, and the file is sent again', async (context) => {
  const { stored, created } = await upload(context, '"0123456789abcdef0123456789abcdef-2"')
  assert.equal(created, 2)
  assert.equal(stored.etag, 'made')
})
