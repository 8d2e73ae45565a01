/** `abort-unfinished`: old uploads go, young ones and those elsewhere stay, and it goes on after a page. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { bucketUpload } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { createUpload, emptyBucket, listMultipartUploads } from '../support/servers/s3-admin.ts'

let at: CliBucket
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())
beforeEach(() => emptyBucket(at.gateway, at.bucket))

const run = (args: string[]) => bucketUpload(['abort-unfinished', ...args], { env: at.env })
const begin = (key: string) => createUpload(at.gateway, at.bucket, key)
const unfinished = async () =>
  (await listMultipartUploads(at.gateway, at.bucket)).map(({ key }) => key).sort()

test('aborts what is old and below the address, and nothing else', async () => {
  for (const key of ['videos/a +%.mp4', 'videos/ü', 'photos/x']) await begin(key)
  await delay(3100)
  await begin('videos/young')
  const args = [`s3://${at.bucket}/videos/`, '--older-than', '2s']
  const dry = await run([...args, '--dry-run'])
  assert.equal(dry.code, 0, dry.stderr)
  assert.match(dry.stdout, /^\d{4}-\S+Z {2}s3:\S+\/videos\/a \+%\.mp4\n.*\/videos\/ü\n$/)
  assert.equal(dry.stderr, '2 would be aborted, 1 that began later stay\n')
  assert.equal((await unfinished()).length, 4)
  const { code, stdout } = await run([...args, '--json'])
  assert.equal(code, 0)
  const { aborted, ...rest } = JSON.parse(stdout)
  assert.deepEqual(Object.keys(aborted[0]), ['key', 'uploadId', 'started'])
  assert.deepEqual(rest, { bucket: at.bucket, prefix: 'videos/', failed: [], kept: 1 })
  assert.deepEqual(await unfinished(), ['photos/x', 'videos/young'])
})

test('leaves what began less than a day ago', async () => {
  await begin('a')
  const { code, stderr } = await run([`s3://${at.bucket}`])
  assert.equal(code, 0)
  assert.equal(stderr, '✓ 0 aborted, 1 that began later stay\n')
  assert.deepEqual(await unfinished(), ['a'])
})

test('goes on after a page of a thousand', async () => {
  for (let start = 0; start < 1010; start += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, at) => begin(`many/${start + at}`)))
  }
  await delay(2100)
  const { stdout } = await run([`s3://${at.bucket}/many/`, '--older-than', '1s', '--json'])
  const { aborted, failed } = JSON.parse(stdout)
  assert.deepEqual([aborted.length, failed], [1010, []])
  assert.deepEqual(await unfinished(), [])
})

for (const [what, args, code] of [
  ['no bucket', [], 'missing-argument'],
  ['an age that is none', ['s3://photos', '--older-than', 'yesterday'], 'bad-duration'],
  ['two addresses', ['s3://photos', 's3://films'], 'bad-argument'],
] as const) {
  test(`is refused for ${what}`, async () => {
    const ran = await run([...args])
    assert.equal(ran.code, 2)
    assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
  })
}

test('names what is wrong', async () => {
  const { code, stderr } = await run(['s3://no-such-bucket-here'])
  assert.equal(code, 1)
  assert.match(stderr, /\(no-such-bucket\)/)
})
