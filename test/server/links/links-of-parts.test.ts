import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type SignerConfig, SignerError } from '../../../src/server/index.ts'
import { ask, created, failed, fakeBucket } from '../../support/signer/multipart-client.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

const FILE = { name: 'cat.jpg', size: 5, type: 'image/jpeg' }
const ETAG = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const NONCE = { nonce: 'n'.repeat(16) }

/** A signer whose bucket has one part of each upload, and one object. */
async function start(test: TestContext, config: Partial<SignerConfig>) {
  const object = { size: '5', type: FILE.type, etag: 'good' }
  const state = { object, isGone: false }
  const { fetch } = fakeBucket(({ method, url }) => {
    if (method === 'HEAD') {
      const { size, type, etag } = state.object
      const headers = { 'Content-Length': size, 'Content-Type': type, ETag: `"${etag}"` }
      return new Response(null, { headers })
    }
    if (url.searchParams.has('uploads')) return created('upload-1')
    if (state.isGone) return failed('NoSuchUpload', 404)
    if (method === 'POST') return new Response('<CompleteMultipartUploadResult/>')
    const part = `<Part><PartNumber>1</PartNumber><ETag>"${ETAG}"</ETag><Size>5</Size></Part>`
    return new Response(`<ListPartsResult>${part}</ListPartsResult>`)
  })
  return { state, signer: await startSigner(test, { fetch, ...config }) }
}

describe('a link to a file that went up in parts', () => {
  it('is refused once onUploaded refuses what is at its key by now', async (test) => {
    const onUploaded = ({ etag }: { etag: string }) => {
      if (etag === 'bad') throw new SignerError('infected', 'The file has a virus.')
    }
    const { signer, state } = await start(test, { onUploaded })
    const first = await ask(signer, 'create', { file: FILE, ...NONCE })
    const done = await ask(signer, 'complete', { grant: first.grant })
    assert.ok((await ask(signer, 'link', { grant: done.grant })).downloadUrl)
    // The same nonce makes the same key, for other bytes of the same size and type.
    const second = await ask(signer, 'create', { file: FILE, ...NONCE })
    assert.equal(second.key, first.key)
    state.object = { ...state.object, etag: 'bad' }
    assert.equal((await ask(signer, 'complete', { grant: second.grant })).error?.code, 'infected')
    assert.equal((await ask(signer, 'link', { grant: done.grant })).error?.code, 'infected')
  })

  it('is refused once another file is at a key that several can have', async (test) => {
    const key = ({ file }: { file: { name: string } }) => `incoming/${file.name}`
    const { signer, state } = await start(test, { key })
    const { grant } = await ask(signer, 'create', { file: FILE })
    const done = await ask(signer, 'complete', { grant })
    assert.ok((await ask(signer, 'link', { grant: done.grant })).downloadUrl)
    for (const change of [{ size: '6' }, { type: 'text/html' }]) {
      state.object = { size: '5', type: FILE.type, etag: 'other', ...change }
      const { error } = await ask(signer, 'link', { grant: done.grant })
      assert.equal(error?.code, 'upload-incomplete')
    }
  })

  it('is not made for another file, where the upload is gone', async (test) => {
    const key = ({ file }: { file: { name: string } }) => `incoming/${file.name}`
    const { signer, state } = await start(test, { key })
    const { grant } = await ask(signer, 'create', { file: FILE })
    state.isGone = true
    state.object = { ...state.object, type: 'text/html' }
    const answer = await ask(signer, 'complete', { grant })
    assert.deepEqual([answer.error?.code, answer.downloadUrl], ['upload-incomplete', undefined])
  })
})
