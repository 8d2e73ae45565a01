/** `cors`: the rule is set on a real gateway, which then lets the page in, and other rules stay. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bucketUpload } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { putCors } from '../support/servers/s3-admin.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' }
const PAGE = 'https://app.example'
const RULE = {
  AllowedOrigins: [PAGE],
  AllowedMethods: ['GET', 'PUT', 'POST'],
  AllowedHeaders: ['*'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 3000,
}
const OTHER = { origins: ['https://other.example'], methods: ['DELETE'], headers: ['x-a'] }
const OTHER_SHOWN = {
  AllowedOrigins: OTHER.origins,
  AllowedMethods: OTHER.methods,
  AllowedHeaders: OTHER.headers,
}

let at: CliBucket
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())

function cors(...args: string[]) {
  return bucketUpload(['cors', ...args, `s3://${at.bucket}`], { env: at.env })
}

async function shown(): Promise<object[]> {
  const { code, stdout } = await cors('show', '--json')
  assert.equal(code, 0)
  return JSON.parse(stdout).CORSRules
}

function preflight(method: string, origin: string): Promise<Response> {
  return fetch(`${at.gateway.endpoint}/${at.bucket}/a`, {
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': method },
  })
}

describe('apply', () => {
  test('lets the page in, and no other', async () => {
    await putCors(at.gateway, at.bucket, [])
    assert.notEqual((await preflight('PUT', PAGE)).status, 200)
    const none = await cors('show')
    assert.match(none.stderr, /has no rule/)
    const { code, stderr } = await cors('apply', '--origin', `${PAGE}/`)
    assert.equal(stderr, '✓ The rule is set; other rules: 0 kept, 0 removed.\n')
    assert.equal(code, 0)
    const allowed = await preflight('PUT', PAGE)
    assert.equal(allowed.status, 200)
    assert.equal(allowed.headers.get('Access-Control-Allow-Origin'), PAGE)
    assert.equal(allowed.headers.get('Access-Control-Expose-Headers')?.toLowerCase(), 'etag')
    assert.notEqual((await preflight('PUT', 'https://evil.example')).status, 200)
    assert.deepEqual(await shown(), [RULE])
  })

  test('keeps the rules of others, and changes nothing the second time', async () => {
    await putCors(at.gateway, at.bucket, [OTHER])
    const first = await cors('apply', '--origin', PAGE, '--json')
    assert.deepEqual(JSON.parse(first.stdout), { rule: RULE, changed: true, kept: 1, removed: 0 })
    assert.deepEqual(await shown(), [RULE, OTHER_SHOWN])
    assert.equal((await preflight('DELETE', 'https://other.example')).status, 200)
    const second = await cors('apply', '--origin', PAGE, '--json')
    assert.deepEqual(JSON.parse(second.stdout), { rule: RULE, changed: false, kept: 1, removed: 0 })
    assert.deepEqual(await shown(), [RULE, OTHER_SHOWN])
  })

  test('removes them with --replace', async () => {
    await putCors(at.gateway, at.bucket, [OTHER])
    const { stderr } = await cors('apply', '--origin', PAGE, '--replace')
    assert.equal(stderr, '✓ The rule is set; other rules: 0 kept, 1 removed.\n')
    assert.deepEqual(await shown(), [RULE])
  })

  test('takes several origins', async () => {
    await putCors(at.gateway, at.bucket, [])
    await cors('apply', '--origin', PAGE, '--origin', 'http://localhost:8000')
    assert.equal((await preflight('PUT', 'http://localhost:8000')).status, 200)
    assert.equal((await preflight('PUT', PAGE)).status, 200)
  })

  test('says that the bucket is not there', async () => {
    const args = ['cors', 'apply', '--origin', PAGE, 's3://no-such-bucket-here']
    const { code, stderr } = await bucketUpload(args, { env: at.env })
    assert.equal(code, 1)
    assert.match(stderr, /"no-such-bucket-here" does not exist.*\(no-such-bucket\)/)
  })
})

describe('print', () => {
  const run = (verb: string, ...args: string[]) =>
    bucketUpload(['cors', verb, '--origin', PAGE, 's3://photos', ...args], { env: KEYS })

  test('has the rule on stdout and the command on stderr', async () => {
    const { code, stdout, stderr } = await run('print', '--provider', 's3')
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(stdout), { CORSRules: [RULE] })
    assert.match(stderr, /^aws s3api put-bucket-cors --bucket photos --cors-configuration '\{/m)
  })

  test('has the command of IBM', async () => {
    const { stderr } = await run('print', '--provider', 'ibm-cos', '--region', 'eu-de')
    assert.match(stderr, /^ibmcloud cos bucket-cors-put --bucket photos --region eu-de /m)
  })

  test('of Qencode is a command for its own API, which "apply" cannot call', async () => {
    const at = ['--provider', 'qencode', '--region', 'us-west']
    const { code, stdout } = await run('print', ...at)
    assert.equal(code, 0)
    assert.match(
      stdout,
      /^curl -X POST "https:\/\/api-cdn\.qencode\.com\/v1\/buckets\/photos\/cors"/,
    )
    const applied = await run('apply', ...at)
    assert.equal(applied.code, 1)
    assert.match(applied.stderr, /"cors print" has the command\. \(cors-elsewhere\)/)
  })

  for (const verb of ['print', 'apply']) {
    test(`of Storj, as "${verb}", says that there is nothing to do`, async () => {
      const { code, stdout, stderr } = await run(verb, '--provider', 'storj')
      assert.equal(code, 0)
      assert.equal(stdout, '')
      assert.equal(stderr, 'Storj allows every page, and there is no rule to set.\n')
    })
  }
})

for (const [what, args, code] of [
  ['no verb', [], 'bad-argument'],
  ['another verb', ['set', 's3://photos'], 'bad-argument'],
  ['no bucket', ['show'], 'missing-argument'],
  ['an object', ['show', 's3://photos/a'], 'bad-argument'],
  ['no origin', ['apply', 's3://photos'], 'missing-argument'],
  ['a page for an origin', ['apply', 's3://photos', '--origin', `${PAGE}/page`], 'bad-option'],
  ['a host for an origin', ['apply', 's3://photos', '--origin', 'app.example'], 'bad-option'],
] as const) {
  test(`is refused for ${what}`, async () => {
    const ran = await bucketUpload(['cors', ...args], {
      env: { ...KEYS, BUCKET_UPLOAD_PROVIDER: 's3' },
    })
    assert.equal(ran.code, 2)
    assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
  })
}
