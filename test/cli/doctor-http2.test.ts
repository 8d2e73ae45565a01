/** `doctor` says which protocol a bucket speaks, and what the signer may set. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { bucketUpload } from '../support/command.ts'
import { makeCertificate } from '../support/servers/certificate.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { type Http2Options, startHttp2 } from '../support/servers/http2-front.ts'
import { OPEN_CORS, putCors } from '../support/servers/s3-admin.ts'

const PAGE = ['--origin', 'https://app.example']
/** Stands for the name server that knows the hosts of buckets. */
const NAMES = `--import=data:text/javascript,${encodeURIComponent(`
  import dns from 'node:dns'
  const { lookup } = dns
  dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest)
`)}`

let at: CliBucket
before(async () => {
  at = await cliBucket()
  await putCors(at.gateway, at.bucket, [OPEN_CORS])
})
after(() => at.remove())

type Options = Omit<Http2Options, 'target' | 'certificate'>

/** What the check finds at a server that speaks HTTP/2. */
async function examine(t: TestContext, options: Options, args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const certificate = makeCertificate(folder, `${at.bucket}.localhost`)
  const front = await startHttp2({ target: at.gateway.endpoint, certificate, ...options })
  t.after(() => front.stop())
  const env = {
    ...at.env,
    BUCKET_UPLOAD_ENDPOINT: `https://localhost:${front.port}`,
    NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    NODE_OPTIONS: NAMES,
  }
  const ran = await bucketUpload(['doctor', `s3://${at.bucket}`, '--json', ...args], { env })
  assert.equal(ran.code, 0, `${ran.stdout}${ran.stderr}`)
  const { checks } = JSON.parse(ran.stdout) as { checks: Record<string, string>[] }
  const found = checks.find(({ name }) => name === 'http2')
  assert.deepEqual([found?.status, found?.code], ['lacking', 'http2'])
  const message = found?.message ?? ''
  assert.match(message, /^The server speaks HTTP\/2, over which browsers have one connection/)
  assert.doesNotMatch(message, /X-Amz/)
  return message
}

test('HTTP/2 with two names and credentials: four connections', async (t) => {
  const message = await examine(t, {}, PAGE)
  assert.match(message, /Set "lanes: \['addressing', 'credentials'\]" in the signer.* them 4\.$/)
})

test('HTTP/2 with two names, and credentials that are not allowed', async (t) => {
  const message = await examine(t, { allowsCredentials: false }, PAGE)
  assert.match(message, /Set "lanes: \['addressing'\]" in the signer.* them 2\.$/)
})

test('HTTP/2 with one name', async (t) => {
  const intercept: Options['intercept'] = ({ headers }, response) => {
    const host = String(headers[':authority'] ?? headers.host)
    if (host.startsWith('localhost')) return false
    response.writeHead(404, {})
    response.end('<Error><Code>NoSuchBucket</Code></Error>')
    return true
  }
  const message = await examine(t, { intercept }, PAGE)
  assert.match(message, /Set "lanes: \['credentials'\]" in the signer.* them 2\.$/)
  const nothing = await examine(t, { intercept, allowsCredentials: false }, PAGE)
  assert.match(nothing, /"lanes" of the signer do not help/)
})

test('without the address of the page, it says that more can be found out', async (t) => {
  const message = await examine(t, {}, [])
  assert.match(message, /Set "lanes: \['addressing'\]".* With "--origin" more can be found out\.$/)
})
