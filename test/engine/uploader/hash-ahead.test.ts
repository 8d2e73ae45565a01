import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UploadCheckpoint } from '../../../src/engine/uploader/file-job.ts'
import { HashAhead } from '../../../src/engine/uploader/hash-ahead.ts'
import { type PartsJob, TOOLS } from '../../../src/engine/uploader/tools.ts'
import { planPartSize, S3_PART_RULES } from '../../../src/s3/part-size.ts'

const MIB = 2 ** 20
const SIZE = 300 * MIB
const reason = new Error('stopped')

/** Begins to hash a file of 300 MiB, of which 3 parts move at a time. */
function start({ checkpoint = {}, cutsAsUsual = true } = {}) {
  const hashed: { size: number; signal: AbortSignal }[] = []
  const slice = (from: number, to: number) => ({ size: Math.min(to, SIZE) - from })
  const file = { size: SIZE, slice }
  const controller = new AbortController()
  const signer = { checksums: [] as string[], cutsAsUsual }
  const job = {
    file: { id: 'f', size: SIZE, file },
    checkpoint: checkpoint as UploadCheckpoint,
    signal: controller.signal,
    tools: TOOLS,
    signer,
    sender: {
      limit: 3,
      usualPartSize: (size: number) => planPartSize(size, S3_PART_RULES, 3),
      hash: (body: Blob, _: readonly string[], signal: AbortSignal) => {
        hashed.push({ size: body.size, signal })
        const number = hashed.length
        return new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          setImmediate(resolve, { md5: `${number}` })
        })
      },
    },
  } as unknown as PartsJob
  return { ahead: new HashAhead(job), hashed, controller, signer }
}

/** As the engine cuts it, where the signer says nothing else: in two full rounds. */
const USUAL = SIZE / 6

test('hashes the parts of the first round', async () => {
  const { ahead, hashed } = start()
  assert.deepEqual(
    hashed.map(({ size }) => size),
    [USUAL, USUAL, USUAL],
  )
  const digests = ahead.of(USUAL)
  assert.deepEqual([...digests.keys()], [1, 2, 3])
  assert.deepEqual(await digests.get(2), { md5: '2' })
})

test('uses and hashes nothing more where the signer cuts the file otherwise', () => {
  const { ahead, hashed } = start()
  assert.equal(ahead.of(USUAL + 1).size, 0)
  assert.ok(hashed.every(({ signal }) => signal.aborted))
})

test('uses nothing where the signer has asked for a checksum in the meantime', () => {
  const { ahead, hashed, signer } = start()
  signer.checksums.push('crc32c')
  assert.equal(ahead.of(USUAL).size, 0)
  assert.ok(hashed.every(({ signal }) => signal.aborted))
})

test('hashes nothing ahead of an upload that continues', () => {
  const { hashed } = start({ checkpoint: { upload: {} } })
  assert.equal(hashed.length, 0)
})

test('hashes nothing ahead where the signer has cut a file otherwise before', () => {
  const { ahead, hashed } = start({ cutsAsUsual: false })
  assert.equal(hashed.length, 0)
  assert.equal(ahead.of(USUAL).size, 0)
})

test('stops with the upload; nobody has to look at what was hashed', async (context) => {
  const unhandled = context.mock.fn()
  process.on('unhandledRejection', unhandled)
  context.after(() => void process.off('unhandledRejection', unhandled))
  const { hashed, controller } = start()
  controller.abort(reason)
  assert.ok(hashed.every(({ signal }) => signal.aborted))
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(unhandled.mock.callCount(), 0)
})
