import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/api/options.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import { TEXT_LIMITS } from '../../../src/protocol/guards.ts'
import type { StreamDescription } from '../../../src/protocol/index.ts'

/** Adds files; answers with what the signer was told of them, longest name first, and what became of them. */
async function upload(...added: { name: string; path?: string; size?: number }[]) {
  const told: StreamDescription[] = []
  // As a signer may be that looks at a call as a whole: one bad request spoils it.
  const signer: SignerFunction = (requests) =>
    requests.map((request) => {
      if ('file' in request) {
        const { name, path = '' } = request.file
        if (name.length > TEXT_LIMITS.name || path.length > TEXT_LIMITS.path)
          throw new Error('Too long.')
        told.push(request.file)
      }
      const { id, op } = request
      return op === 'complete' ? { id } : { id, url: 'https://b.example/k', grant: 'g' }
    })
  const engine = new UploadEngine(
    { signer, integrity: 'off', multipartThreshold: 10 },
    { createTransport: () => ({ put: async (_unit, { presign }) => void (await presign()) }) },
  )
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.add(
    added.map(({ name, path = '', size = 1 }) => ({
      file: new File(['x'.repeat(size)], name),
      path,
    })),
  )
  await done
  told.sort((one, other) => other.name.length - one.name.length)
  return { told, files: engine.files }
}

test('a name that no file system knows keeps its end, and the rest of the batch goes up', async () => {
  const name = `${'a'.repeat(5000)}.jpg`
  for (const size of [1, 11]) {
    const { told, files } = await upload({ name, size }, { name: 'b.jpg', size })
    assert.deepEqual(
      files.map((file) => [file.status, file.name]),
      [
        ['uploaded', name],
        ['uploaded', 'b.jpg'],
      ],
    )
    assert.deepEqual(
      told.map((file) => [file.name.length, file.path?.length, file.name.slice(-5)]),
      [
        [1024, 4096, 'a.jpg'],
        [5, 5, 'b.jpg'],
      ],
    )
  }
})

test('a path that is too long keeps its end', async () => {
  const { told } = await upload({ name: 'a.jpg', path: `${'folder/'.repeat(1000)}a.jpg` })
  assert.equal(told[0]?.path?.length, 4096)
  assert.match(told[0]?.path ?? '', /^(older|lder|der|er|r)?\/?(folder\/)+a\.jpg$/)
})

test('nothing is cut within a character', async () => {
  const smile = '😀'.repeat(1000)
  const { told } = await upload({ name: `${smile}.jpg` }, { name: `${smile}.jpeg` })
  assert.deepEqual(
    told.map(({ name }) => name.length),
    [1024, 1023],
  )
  // It throws for half a character.
  for (const { name } of told) assert.doesNotThrow(() => encodeURIComponent(name))
})
