import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { SignerConfig } from '../../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

const TEXT = 'Zm9vYmFy-_0123456789'

function start(test: TestContext, config: Partial<SignerConfig> = {}) {
  const authorize = (request: Request) => ({ user: request.headers.get('user') ?? 'ann' })
  const { fetch } = fakeBucket(({ method }) =>
    method === 'HEAD' ? new Response(null, { status: 404 }) : created('u'),
  )
  return startSigner(test, { fetch, authorize, ...config })
}

describe('a nonce or a batch', () => {
  it('is 16 to 64 letters, digits, "-" or "_"', async (test) => {
    const signer = await start(test)
    const code = async (op: string, fields: object) =>
      (await ask(signer, op, { file: FILE, ...fields })).error
    for (const text of ['x'.repeat(16), 'x'.repeat(64), TEXT]) {
      assert.equal(await code('create', { nonce: text, batch: text }), undefined)
      assert.equal(await code('put', { batch: text }), undefined)
    }
    for (const text of [
      '',
      'x'.repeat(15),
      `${TEXT}!`,
      `/${TEXT}`,
      `${TEXT}\n`,
      `${TEXT} ${TEXT}`,
    ]) {
      for (const name of ['nonce', 'batch']) {
        const message = `The "${name}" must be 16 to 64 letters, digits, "-" or "_".`
        assert.deepEqual(await code('create', { [name]: text }), { code: 'bad-request', message })
      }
      assert.equal((await code('put', { batch: text }))?.code, 'bad-request')
    }
  })

  it('names the same place to one user, and another one to each other', async (test) => {
    const signer = await start(test, { keepPaths: true })
    const place = async (op: string, fields: object, user?: string) =>
      (await ask(signer, op, { file: FILE, ...fields }, user)).key?.split('/')[0]
    const batch = await place('put', { batch: TEXT })
    assert.match(batch ?? '', /^[0-9a-f]{32}$/)
    assert.equal(await place('put', { batch: TEXT }), batch)
    assert.equal(await place('create', { batch: TEXT }), batch)
    const others = [
      await place('put', { batch: TEXT }, 'bob'),
      await place('put', { batch: `${TEXT}x` }),
      await place('put', {}),
      await place('create', { nonce: TEXT }),
      await place('create', { nonce: TEXT }, 'bob'),
      await place('create', { nonce: `${TEXT}x` }),
    ]
    assert.equal(new Set([batch, ...others]).size, others.length + 1)
  })

  it('of either kind makes a key that is of one file alone', async (test) => {
    for (const [key, isOwn] of [
      ['{id}/{name}', true],
      ['{batch}/{path}', true],
      ['{name}', false],
    ] as const) {
      const signer = await start(test, { key, overwrite: !key.startsWith('{name}') })
      const { grant, downloadUrl } = await ask(signer, 'put', { file: FILE, batch: TEXT })
      assert.ok(grant)
      assert.equal(downloadUrl !== undefined, isOwn, key)
    }
  })
})
