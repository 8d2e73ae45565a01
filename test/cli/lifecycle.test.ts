/** `lifecycle`: the rules are set on a real gateway, which removes what they say, and others stay. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { keep, readReceipt, s3 } from '../../src/server/index.ts'
import { bucketUpload } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { listMultipartUploads, listObjects } from '../support/servers/s3-admin.ts'
import { ask, sendPart } from '../support/signer/multipart-client.ts'
import { startSigner } from '../support/signer/signer-server.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' }
const SECRET = 'a secret of 16 characters or more'
const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello.txt', size: 5, type: 'text/plain' }
const UNFINISHED = {
  ID: 'bucket-upload-unfinished',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
}
const UNKEPT = {
  ID: 'bucket-upload-unkept',
  Status: 'Enabled',
  Filter: { Tag: { Key: 'bucket-upload', Value: 'unkept' } },
  Expiration: { Days: 2 },
}
const FOREIGN =
  '<ID>logs</ID><Filter><Prefix>logs/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>365</Days></Expiration>'

let at: CliBucket
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())

function lifecycle(...args: string[]) {
  return bucketUpload(['lifecycle', ...args, `s3://${at.bucket}`], { env: at.env })
}

/** Reads or replaces all rules, without the code that is tested. */
async function rules(inner?: string): Promise<string> {
  const { endpoint, ...keys } = at.gateway
  const client = new AwsClient({ ...keys, service: 's3', retries: 0 })
  const url = `${endpoint}/${at.bucket}?lifecycle`
  if (inner === '') return (await client.fetch(url, { method: 'DELETE' })).text()
  if (inner === undefined) return (await client.fetch(url)).text()
  const body = `<LifecycleConfiguration>${inner}</LifecycleConfiguration>`
  const headers = { 'Content-MD5': createHash('md5').update(body).digest('base64') }
  const answer = await client.fetch(url, { method: 'PUT', headers, body })
  assert.equal(answer.status, 200)
  return answer.text()
}

async function start(context: TestContext) {
  return startSigner(context, {
    bucket: s3({ ...at.gateway, bucket: at.bucket, expiresByTag: true }),
    now: () => new Date(),
    ...{ expireUnkept: true, secret: SECRET, receiptExpires: '1h' },
  })
}

/** Waits for what the gateway does by itself. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(200)
}

describe('print', () => {
  test('writes the rules as the tools of others take them', async () => {
    const plain = await lifecycle('print', '--json')
    assert.deepEqual(JSON.parse(plain.stdout), { Rules: [UNFINISHED] })
    const { stdout, stderr, code } = await lifecycle('print', '--unfinished', '7', '--unkept', '2')
    assert.deepEqual(JSON.parse(stdout), { Rules: [UNFINISHED, UNKEPT] })
    assert.match(stderr, /put-bucket-lifecycle-configuration/)
    assert.equal(code, 0)
  })

  test('says what is wrong', async () => {
    const wrong: [args: string[], said: RegExp][] = [
      [['print', '--unkept', '0'], /"--unkept" is "0": write a number of days/],
      [['print', '--unfinished', '1d'], /"--unfinished" is "1d"/],
      [['show'], /use "lifecycle print" or "lifecycle apply"/],
    ]
    for (const [args, said] of wrong) {
      const { code, stderr } = await lifecycle(...args)
      assert.match(stderr, said)
      assert.equal(code, 2)
    }
  })

  test('knows that Storj has no rules', async () => {
    const args = ['lifecycle', 'apply', 's3://photos', '--provider', 'storj']
    const { code, stderr } = await bucketUpload(args, { env: KEYS })
    assert.equal(
      stderr,
      'Storj removes unfinished uploads after a day, and there is no rule to set.\n',
    )
    assert.equal(code, 0)
    const unkept = await bucketUpload([...args, '--unkept', '2'], { env: KEYS })
    assert.match(unkept.stderr, /Storj is not known to expire objects by their tags/)
  })
})

describe('apply', () => {
  test('sets the rules once, and leaves those of others as they are', async () => {
    await rules(`<Rule>${FOREIGN}</Rule>`)
    const first = await lifecycle('apply', '--json')
    assert.deepEqual(JSON.parse(first.stdout), { rules: [UNFINISHED], changed: true, kept: 1 })
    const again = await lifecycle('apply')
    assert.equal(again.stderr, '✓ The rules were there already; other rules: 1 kept.\n')
    // Our own rule is not forgotten where only the other one is named, and is changed where it is.
    const both = await lifecycle('apply', '--unkept', '9', '--unfinished', '3')
    assert.equal(both.stderr, '✓ The rules are set; other rules: 1 kept.\n')
    const last = await lifecycle('apply', '--unfinished', '4')
    assert.equal(last.stderr, '✓ The rules are set; other rules: 2 kept.\n')
    const xml = await rules()
    assert.match(xml, /<Prefix>logs\/<\/Prefix>/)
    assert.match(xml, /<Days>365<\/Days>/)
    assert.match(xml, /<Key>bucket-upload<\/Key><Value>unkept<\/Value>/)
    assert.match(xml, /<Days>9<\/Days>/)
    assert.match(xml, /<DaysAfterInitiation>4<\/DaysAfterInitiation>/)
    assert.equal(xml.match(/<Rule>/g)?.length, 3)
    await rules('')
  })

  test('has the bucket remove what was not finished', async (context) => {
    const signer = await start(context)
    const { grant } = await ask(signer, 'create', { file: FILE })
    await sendPart(signer, grant, 1, HELLO)
    assert.equal((await listMultipartUploads(at.gateway, at.bucket)).length, 1)
    assert.equal((await lifecycle('apply', '--unfinished', '1')).code, 0)
    await until(async () => (await listMultipartUploads(at.gateway, at.bucket)).length === 0)
    await rules('')
  })

  test('leaves nothing of 1,000 forms that were abandoned, and all of those that were sent', async (context) => {
    const signer = await start(context)
    const upload = async () => {
      const { url = '', headers = {}, grant } = await ask(signer, 'put', { file: FILE })
      const answer = await fetch(url, { method: 'PUT', headers, body: HELLO })
      assert.equal(answer.status, 200)
      return ask(signer, 'link', { grant })
    }
    const abandoned = async (count: number) => {
      for (let left = count; left > 0; left -= 1) await upload()
    }
    await Promise.all(Array.from({ length: 20 }, () => abandoned(50)))
    assert.equal((await listObjects(at.gateway, at.bucket)).length, 1000)
    const sent: string[] = []
    for (let forms = 0; forms < 5; forms += 1) {
      const { receipt } = await upload()
      const { key } = readReceipt(SECRET, receipt)
      await keep(s3({ ...at.gateway, bucket: at.bucket }), key)
      sent.push(key)
    }
    assert.equal((await lifecycle('apply', '--unkept', '1')).code, 0)
    await until(async () => (await listObjects(at.gateway, at.bucket)).length <= sent.length)
    // Those that were kept are as old as the others, and the rules go on.
    await until(async () => {
      const { receipt } = await upload()
      const { key } = readReceipt(SECRET, receipt)
      await until(async () => !(await keysOf()).includes(key))
      return true
    })
    assert.deepEqual(await keysOf(), sent.toSorted())
  })
})

async function keysOf(): Promise<string[]> {
  return (await listObjects(at.gateway, at.bucket)).map(({ key }) => key).toSorted()
}
