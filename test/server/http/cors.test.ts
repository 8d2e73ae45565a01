import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSigner, type Origins } from '../../../src/server/index.ts'
import {
  BUCKET,
  ONE_PUT,
  type SignerServer,
  startSigner,
} from '../../support/signer/signer-server.ts'

const APP = 'https://app.example'

interface Row {
  origins: Origins | undefined
  /** The `Origin` header; "own" stands for that of the signer. */
  origin: string | undefined
  allowed: boolean
  /** What the browser is told: whether the page may read the answer, and whether with cookies. */
  readable: boolean
  credentials?: boolean
}

const MATRIX: Row[] = [
  { origins: undefined, origin: undefined, allowed: true, readable: false },
  { origins: undefined, origin: 'own', allowed: true, readable: false },
  { origins: undefined, origin: APP, allowed: false, readable: false },
  { origins: undefined, origin: 'null', allowed: false, readable: false },
  { origins: [APP], origin: undefined, allowed: true, readable: false },
  { origins: [APP], origin: 'own', allowed: true, readable: false },
  { origins: [APP], origin: APP, allowed: true, readable: true, credentials: true },
  { origins: [`${APP}/`], origin: APP, allowed: true, readable: true, credentials: true },
  { origins: [APP], origin: 'http://app.example', allowed: false, readable: false },
  { origins: [APP], origin: 'https://app.example:8443', allowed: false, readable: false },
  { origins: [APP], origin: 'https://app.example.evil.test', allowed: false, readable: false },
  { origins: [APP], origin: 'https://evil-app.example', allowed: false, readable: false },
  { origins: [APP], origin: 'null', allowed: false, readable: false },
  { origins: '*', origin: APP, allowed: true, readable: true, credentials: false },
  { origins: '*', origin: 'null', allowed: true, readable: true, credentials: false },
  {
    origins: (origin) => origin.endsWith('.example'),
    origin: APP,
    allowed: true,
    readable: true,
    credentials: true,
  },
  { origins: (origin) => origin.endsWith('.test'), origin: APP, allowed: false, readable: false },
]

async function check(signer: SignerServer, row: Row, init: RequestInit, status: number) {
  const origin = row.origin === 'own' ? new URL(signer.url).origin : row.origin
  const headers = {
    'Content-Type': 'application/json',
    ...init.headers,
    ...(origin ? { Origin: origin } : {}),
  }
  const response = await fetch(signer.url, { ...init, headers })
  assert.equal(response.status, row.allowed ? status : 403)
  const get = (name: string) => response.headers.get(`Access-Control-${name}`)
  assert.equal(get('Allow-Origin'), row.readable ? origin : null)
  assert.equal(get('Allow-Credentials'), row.credentials ? 'true' : null)
  assert.match(response.headers.get('Vary') ?? '', /\bOrigin\b/)
  assert.equal(response.headers.get('Cache-Control'), 'no-store')
  return response
}

for (const row of MATRIX) {
  const { origins } = row
  const config = { ...(origins === undefined ? {} : { origins }) }
  const allowed = typeof origins === 'function' ? String(origins) : JSON.stringify(origins ?? [])
  describe(`with origins ${allowed}, a page of ${row.origin ?? 'no origin'}`, () => {
    it(`${row.allowed ? 'is served' : 'is refused'}`, async (test) => {
      const signer = await startSigner(test, config)
      const response = await check(signer, row, { method: 'POST', body: ONE_PUT }, 200)
      const body = await response.json()
      assert.equal(body.error?.code, row.allowed ? undefined : 'origin-not-allowed')
    })

    it(`${row.readable ? 'can' : 'cannot'} read why a call failed`, async (test) => {
      const signer = await startSigner(test, { ...config, authorize: () => null })
      const { headers } = await check(signer, row, { method: 'POST', body: ONE_PUT }, 401)
      const exposed = headers.get('Access-Control-Expose-Headers')
      assert.equal(exposed, row.readable ? 'Retry-After' : null)
    })

    it(`has its preflight ${row.readable ? 'granted' : 'denied'}`, async (test) => {
      const signer = await startSigner(test, { ...config, authorize: () => null })
      const requested = 'content-type,x-csrf-token'
      const asked = {
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': requested,
      }
      const { headers } = await check(signer, row, { method: 'OPTIONS', headers: asked }, 204)
      if (!row.readable) return
      assert.equal(headers.get('Access-Control-Allow-Methods'), 'POST')
      assert.equal(headers.get('Allow'), 'POST, OPTIONS')
      assert.equal(headers.get('Access-Control-Allow-Headers'), requested)
      assert.equal(headers.get('Access-Control-Max-Age'), '7200')
    })
  })
}

describe('a signer behind a proxy that ends TLS', () => {
  const signer = createSigner({ bucket: BUCKET, authorize: 'everybody' })
  const call = (origin: string) =>
    signer(
      new Request('http://site.example/sign', {
        method: 'POST',
        body: ONE_PUT,
        headers: { Origin: origin, 'Content-Type': 'application/json' },
      }),
    )

  it('serves the https pages of its host', async () => {
    assert.equal((await call('https://site.example')).status, 200)
  })

  it('refuses pages of another port or host', async () => {
    assert.equal((await call('https://site.example:8443')).status, 403)
    assert.equal((await call('https://other.example')).status, 403)
  })
})
