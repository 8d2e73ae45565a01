/** What the list says of a file while the site works on it after the upload. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/api/options.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'

const LINK = 'https://cdn.example/film.m3u8'

/** An engine whose signer goes on with each file, and answers `status` as the test says. */
function start(answers: object[]) {
  const asked: string[] = []
  const signer: SignerFunction = (requests) =>
    requests.map((request) => {
      const { id, op } = request
      const grant = 'grant' in request ? request.grant : ''
      asked.push(`${op} ${grant}`.trim())
      if (op === 'put') return { id, url: 'https://b.example/k?s=1', key: 'k', grant: 'put' }
      if (op === 'link') return { id, processing: { progress: 0 }, grant: 'begun', data: 1 }
      // The last one stays.
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      return { id, ...answer }
    })
  const put = async (_: unknown, { presign }: { presign: () => Promise<unknown> }) =>
    void (await presign())
  const engine = new UploadEngine(
    { signer, integrity: 'off' },
    { createTransport: () => ({ put }) as never },
  )
  const told: unknown[] = []
  engine.addEventListener('processing-started', ({ detail }) => {
    told.push(['processing-started', detail.key, detail.downloadUrl])
  })
  engine.addEventListener('file-uploaded', ({ detail }) => {
    told.push(['file-uploaded', detail.key, detail.downloadUrl, detail.data])
  })
  engine.addEventListener('file-failed', ({ detail }) => {
    told.push(['file-failed', detail.code, detail.error.reason])
  })
  engine.addEventListener('upload-complete', ({ detail }) => {
    told.push(['upload-complete', detail.uploaded.length, detail.failed.length])
  })
  const [id = ''] = engine.add([new File(['film'], 'film.mp4')])
  return { engine, id, asked, told }
}

/** Waits for a change after which it holds. */
function until(engine: UploadEngine, condition: () => unknown): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!condition()) return
      engine.removeEventListener('change', look)
      resolve()
    }
    engine.addEventListener('change', look)
    look()
  })
}

test('a file is processed, and then uploaded with the link that came', async () => {
  const { engine, id, asked, told } = start([
    { processing: { progress: 0.4 } },
    { downloadUrl: LINK, data: { seconds: 12 } },
  ])
  const progress = () => {
    const file = engine.file(id)
    return file?.status === 'processing' ? file.progress : undefined
  }
  await until(engine, () => progress() === 0)
  assert.equal(engine.progress.active, 1)
  assert.equal(engine.counts.processing, 1)
  // It is stored: there is nothing to stop.
  engine.cancel()
  engine.pause()
  await until(engine, () => progress() === 0.4)
  await until(engine, () => engine.file(id)?.status === 'uploaded')
  assert.deepEqual(told, [
    ['processing-started', 'k', null],
    ['file-uploaded', 'k', LINK, { seconds: 12 }],
    ['upload-complete', 1, 0],
  ])
  assert.deepEqual(asked, ['put', 'link put', 'status begun', 'status begun'])
  assert.equal(JSON.stringify(engine.files).includes('begun'), false)
})

test('a file that the site refuses fails with its sentence, and can be tried again', async () => {
  const refusal = { error: { code: 'refused', message: 'This file has a virus.' } }
  const { engine, id, told } = start([refusal])
  await until(engine, () => engine.file(id)?.status === 'failed')
  assert.deepEqual(told, [
    ['processing-started', 'k', null],
    ['file-failed', 'signer-refused', 'This file has a virus.'],
    ['upload-complete', 0, 1],
  ])
  engine.retry(id)
  await until(engine, () => engine.file(id)?.status === 'processing')
  engine.remove(id)
})

test('a signer that fails is asked again', async () => {
  const failed = { error: { code: 'internal-error', message: 'Later.' } }
  const { engine, id, asked } = start([failed, { downloadUrl: LINK }])
  await until(engine, () => engine.file(id)?.status === 'uploaded')
  assert.equal(asked.filter((it) => it === 'status begun').length, 2)
})
