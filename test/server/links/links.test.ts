import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type SignerConfig, s3 } from '../../../src/server/index.ts'
import { CREDENTIALS, recompute } from '../../support/signer/recompute.ts'
import { NOW, type SignerServer, startSigner } from '../../support/signer/signer-server.ts'

const SECRET = 'a secret of 16 characters or more'

/** Asks for a link, as the user that the `user` header names. */
async function link(signer: SignerServer, request: object, user = 'ann') {
  const [response] = await signer.call([{ id: '1', op: 'link', ...request }], { headers: { user } })
  if (!response) throw new Error('There is no answer.')
  return response
}

const byHeader: SignerConfig['authorize'] = (request) => ({
  user: request.headers.get('user') ?? 'ann',
})

describe('link by grant', () => {
  it('signs a new download URL for the same object and name', async (test) => {
    const signer = await startSigner(test, { authorize: byHeader })
    const put = await signer.put({ name: 'my cat.jpg' })
    const {
      id,
      key,
      downloadUrl = '',
      downloadExpiresAt,
      url,
    } = await link(signer, { grant: put.grant })
    assert.equal(id, '1')
    assert.equal(key, put.key)
    assert.equal(url, undefined)
    assert.equal(downloadUrl, put.downloadUrl)
    assert.equal(downloadExpiresAt, '2026-11-24T11:00:00.000Z')
    const { actual, expected } = await recompute(downloadUrl, {
      method: 'GET',
      region: 'us-east-1',
    })
    assert.equal(actual, expected)
  })

  it('shortens the lifetime and never lengthens it', async (test) => {
    const signer = await startSigner(test, { authorize: byHeader, downloadExpires: '10m' })
    const { grant } = await signer.put()
    const lifetime = async (expiresIn: number) =>
      new URL((await link(signer, { grant, expiresIn })).downloadUrl ?? '').searchParams.get(
        'X-Amz-Expires',
      )
    assert.equal(await lifetime(60), '60')
    assert.equal(await lifetime(601), '600')
    assert.equal(await lifetime(604_800), '600')
    assert.equal(await lifetime(0), '1')
  })

  it('saves or shows, as the page asks', async (test) => {
    const signer = await startSigner(test, { authorize: byHeader })
    const { grant } = await signer.put()
    const query = async (disposition: string) =>
      new URL((await link(signer, { grant, disposition })).downloadUrl ?? '').searchParams
    assert.match((await query('inline')).get('response-content-disposition') ?? '', /^inline; /)
    assert.equal((await query('inline')).get('response-content-type'), 'image/jpeg')
    assert.match(
      (await query('attachment')).get('response-content-disposition') ?? '',
      /^attachment; /,
    )
    const page = await signer.put({ name: 'a.html', type: 'text/html' })
    const { downloadUrl = '' } = await link(signer, { grant: page.grant, disposition: 'inline' })
    assert.match(downloadUrl, /response-content-disposition=attachment/)
  })

  it('works on any copy of the signer that has the same secret', async (test) => {
    for (const config of [{}, { secret: SECRET }]) {
      const { grant } = await (await startSigner(test, config)).put()
      assert.ok((await link(await startSigner(test, config), { grant })).downloadUrl)
    }
  })
})

describe('a grant is refused', () => {
  const assertInvalid = async (signer: SignerServer, request: object, user?: string) => {
    const { error, downloadUrl } = await link(signer, request, user)
    assert.equal(error?.code, 'invalid-grant')
    assert.equal(downloadUrl, undefined)
  }

  it('when another user shows it', async (test) => {
    const signer = await startSigner(test, { authorize: byHeader })
    const { grant } = await signer.put()
    assert.ok((await link(signer, { grant })).downloadUrl)
    await assertInvalid(signer, { grant }, 'bob')
  })

  it('when it was issued to nobody and a user shows it, or the other way round', async (test) => {
    const anonymous = await startSigner(test, { secret: SECRET })
    const known = await startSigner(test, { secret: SECRET, authorize: () => ({ user: 'null' }) })
    await assertInvalid(known, { grant: (await anonymous.put()).grant })
    await assertInvalid(anonymous, { grant: (await known.put()).grant })
  })

  it('when any part of it was changed', async (test) => {
    const signer = await startSigner(test)
    const { grant = '' } = await signer.put()
    const [payload = '', mac = ''] = grant.split('.')
    const content = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...content, key: 'theirs' })).toString('base64url')
    const other = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`
    const bad = [
      `${forged}.${mac}`,
      `${payload}.${other}`,
      `${payload}.${mac.slice(1)}`,
      `${payload}.`,
      payload,
      `.${mac}`,
      `${grant}.${mac}`,
      `${grant}=`,
      '',
      '.',
      'é.é',
      `${'A'.repeat(8000)}.${mac}`,
    ]
    for (const token of bad) await assertInvalid(signer, { grant: token })
  })

  it('when it is a day old', async (test) => {
    let now = NOW
    const signer = await startSigner(test, { now: () => now })
    const { grant } = await signer.put()
    now = new Date(NOW.getTime() + 86_400_000 - 1000)
    assert.ok((await link(signer, { grant })).downloadUrl)
    now = new Date(NOW.getTime() + 86_400_000)
    await assertInvalid(signer, { grant })
    assert.match((await link(signer, { grant })).error.message, /expired/)
  })

  it('when it comes from another secret or another bucket', async (test) => {
    const { grant } = await (await startSigner(test, { secret: SECRET })).put()
    const other = s3({ bucket: 'others', ...CREDENTIALS })
    await assertInvalid(await startSigner(test, { secret: `${SECRET}!` }), { grant })
    await assertInvalid(await startSigner(test), { grant })
    await assertInvalid(await startSigner(test, { secret: SECRET, bucket: other }), { grant })
    assert.ok((await link(await startSigner(test, { secret: SECRET }), { grant })).downloadUrl)
  })

  it('when it comes with the key of another object', async (test) => {
    const signer = await startSigner(test)
    const { grant, key } = await signer.put()
    assert.ok((await link(signer, { grant, key })).downloadUrl)
    await assertInvalid(signer, { grant, key: 'theirs' })
  })
})

describe('link by key', () => {
  it('is for the keys below the prefix of the user', async (test) => {
    const signer = await startSigner(test, { authorize: () => ({ user: '4', prefix: 'users/4' }) })
    const key = 'users/4/album/my cat.jpg'
    const { downloadUrl = '', ...rest } = await link(signer, { key })
    assert.deepEqual(rest, { id: '1', key, downloadExpiresAt: '2026-11-24T11:00:00.000Z' })
    const url = new URL(downloadUrl)
    assert.equal(url.pathname, '/photos/users/4/album/my%20cat.jpg')
    assert.match(
      url.searchParams.get('response-content-disposition') ?? '',
      /filename="my cat\.jpg"/,
    )
    for (const key of ['users/42/a', 'users/5/a', 'users/4', 'a', '', '/users/4/a']) {
      assert.equal((await link(signer, { key })).error?.code, 'forbidden', key)
    }
    for (const key of ['users/4/../5/a', 'users/4/', 'users/4/./a']) {
      assert.equal((await link(signer, { key })).error?.code, 'invalid-key', key)
    }
  })

  it('is forbidden without a prefix', async (test) => {
    for (const caller of [{}, { user: '4' }, { user: '4', prefix: '' }]) {
      const signer = await startSigner(test, { authorize: () => caller })
      assert.equal((await link(signer, { key: 'a' })).error?.code, 'forbidden')
    }
  })

  it('needs a key where there is no grant', async (test) => {
    const signer = await startSigner(test, { authorize: () => ({ prefix: 'a/' }) })
    assert.equal((await link(signer, {})).error?.code, 'bad-request')
  })
})
