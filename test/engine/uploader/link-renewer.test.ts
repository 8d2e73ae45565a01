import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UploadEngineOptions } from '../../../src/engine/api/options.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignerRequest } from '../../../src/protocol/index.ts'

const HOUR = 3_600_000

/** A signer in the page whose links to put are given, and whose new ones are numbered. */
function signer(
  put: { grant?: string; key?: string },
  refuse: (asked: SignerRequest) => string = () => '',
) {
  const asked: SignerRequest[] = []
  const sign: UploadEngineOptions['signer'] = (requests) =>
    requests.map((request) => {
      const { id, op } = request
      asked.push(request)
      const code = op === 'link' ? refuse(request) : ''
      if (code) return { id, error: { code, message: 'No.' } }
      const url = 'https://b.example/k'
      if (op === 'put') return { id, url, downloadUrl: 'https://b.example/first', ...put }
      const downloadExpiresAt = new Date(Date.now() + HOUR).toISOString()
      return { id, downloadUrl: `https://b.example/${asked.length}`, downloadExpiresAt }
    })
  return { sign, asked, links: () => asked.filter(({ op }) => op === 'link') }
}

async function uploadOne(options: UploadEngineOptions): Promise<[UploadEngine, string]> {
  const createTransport = () => ({
    put: async (_: unknown, { presign }: { presign: () => Promise<unknown> }) =>
      void (await presign()),
  })
  const engine = new UploadEngine({ integrity: 'off', ...options }, { createTransport })
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  const [id = ''] = engine.add([new File(['x'], 'a.txt')])
  await done
  return [engine, id]
}

function linkOf(engine: UploadEngine, id: string) {
  const file = engine.file(id)
  assert.equal(file?.status, 'uploaded')
  return file
}

test('renews a link by the grant of the upload', async () => {
  const { sign, links } = signer({ grant: 'g', key: 'k' })
  const [engine, id] = await uploadOne({ signer: sign })
  assert.equal(linkOf(engine, id).downloadUrl, 'https://b.example/first')
  let changes = 0
  engine.addEventListener('change', () => changes++)
  assert.equal(await engine.renewLink(id), 'https://b.example/2')
  const { downloadUrl, downloadUrlExpiresAt } = linkOf(engine, id)
  assert.equal(downloadUrl, 'https://b.example/2')
  assert.ok(Number(downloadUrlExpiresAt) > Date.now() + HOUR / 2)
  assert.equal(changes, 1)
  assert.deepEqual(
    links().map((it) => ('grant' in it ? it.grant : undefined)),
    ['g'],
  )
})

test('wishes for the lifetime of the page', async () => {
  const { sign, links } = signer({ grant: 'g' })
  const [engine, id] = await uploadOne({ signer: sign })
  engine.configure({ linkExpires: 60 })
  await engine.renewLink(id)
  assert.deepEqual(
    links().map((it) => 'expiresIn' in it && it.expiresIn),
    [60],
  )
})

test('asks once for who asks twice at the same time', async () => {
  const { sign, links } = signer({ grant: 'g' })
  const [engine, id] = await uploadOne({ signer: sign })
  const [one, other] = await Promise.all([engine.renewLink(id), engine.renewLink(id)])
  assert.equal(one, other)
  assert.equal(links().length, 1)
  await engine.renewLink(id)
  assert.equal(links().length, 2)
})

test('asks by the key when the grant is over', async () => {
  const { sign, links } = signer({ grant: 'g', key: 'k' }, (asked) =>
    'grant' in asked ? 'invalid-grant' : '',
  )
  const [engine, id] = await uploadOne({ signer: sign })
  assert.equal(await engine.renewLink(id), 'https://b.example/3')
  assert.deepEqual(
    links().map((it) => 'key' in it && it.key),
    [false, 'k'],
  )
})

test('says why there is none, and keeps the one that there was', async () => {
  const { sign } = signer({ grant: 'g', key: 'k' }, () => 'unsupported-op')
  const [engine, id] = await uploadOne({ signer: sign })
  await assert.rejects(engine.renewLink(id), { name: 'UploadError', code: 'signer-refused' })
  assert.equal(linkOf(engine, id).downloadUrl, 'https://b.example/first')
})

test('has nothing to ask with where the signer told nothing', async () => {
  const { sign, links } = signer({})
  const [engine, id] = await uploadOne({ signer: sign })
  await assert.rejects(engine.renewLink(id), {
    code: 'signer-refused',
    reason: /neither a grant nor a key/,
  })
  assert.equal(links().length, 0)
})

test('renews no link of a file that is not uploaded, or not there', async () => {
  const engine = new UploadEngine({ manual: true })
  const [id = ''] = engine.add([new File(['x'], 'a.txt')])
  await assert.rejects(engine.renewLink(id), RangeError)
  await assert.rejects(engine.renewLink('none'), RangeError)
})

test('forgets a link that comes after the file was removed', async () => {
  const { sign } = signer({ grant: 'g' })
  const [engine, id] = await uploadOne({ signer: sign })
  const renewal = engine.renewLink(id)
  // By then it was asked for.
  await new Promise((resolve) => setTimeout(resolve))
  engine.remove(id)
  await renewal
  assert.equal(engine.file(id), undefined)
})

test('an expiry is told by the clock of the computer, however wrong that is', async (context) => {
  const links: SignerRequest[] = []
  context.mock.method(globalThis, 'fetch', async (_: string, { body }: RequestInit) => {
    const { requests } = JSON.parse(String(body)) as { requests: SignerRequest[] }
    links.push(...requests.filter(({ op }) => op === 'link'))
    // The clock of the computer is two hours ahead.
    const now = Date.now() - 2 * HOUR
    return Response.json({
      version: 1,
      date: new Date(now).toISOString(),
      responses: requests.map(({ id }) => ({
        id,
        key: 'k',
        grant: 'g',
        url: 'https://b.example/k',
        downloadUrl: 'https://b.example/first',
        downloadExpiresAt: new Date(now + HOUR).toISOString(),
      })),
    })
  })
  const [engine, id] = await uploadOne({ signer: 'https://signer.example' })
  const { downloadUrlExpiresAt } = linkOf(engine, id)
  const left = Number(downloadUrlExpiresAt) - Date.now()
  assert.ok(left > 0.9 * HOUR && left <= HOUR + 1000, `${left}`)
  assert.equal(links.length, 0)
})

test('takes a file back by the grant for that, which no snapshot has', async () => {
  const asked: SignerRequest[] = []
  let code = 'in-use'
  const sign: UploadEngineOptions['signer'] = (requests) =>
    requests.map((request) => {
      const { id, op } = request
      asked.push(request)
      if (op === 'put') return { id, url: 'https://b.example/k', grant: 'g', key: 'k' }
      if (op === 'discard' && code) return { id, error: { code, message: 'No.' } }
      return { id, downloadUrl: 'https://b.example/k', discardGrant: 'the right one' }
    })
  const [engine, id] = await uploadOne({ signer: sign })
  assert.equal(linkOf(engine, id).mayDiscard, true)
  assert.doesNotMatch(JSON.stringify(engine.files), /the right one/)
  await assert.rejects(engine.discard(id), { code: 'signer-refused' })
  assert.equal(linkOf(engine, id).mayDiscard, false)
  await engine.renewLink(id)
  assert.equal(linkOf(engine, id).mayDiscard, true)
  code = 'internal-error'
  await assert.rejects(engine.discard(id), { code: 'signer-failed' })
  assert.equal(linkOf(engine, id).mayDiscard, true)
  code = ''
  await engine.discard(id)
  assert.deepEqual(engine.files, [])
  const last = asked.at(-1)
  assert.deepEqual(last?.op === 'discard' && last.grant, 'the right one')
  await assert.rejects(engine.discard(id), RangeError)
})
