/** What happens where the second file of the library cannot be had. */
import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { UploadEngine } from '../../src/engine/upload-engine.ts'

test('a listener that retries a file at once does not stop the page', async (context) => {
  const hooks = registerHooks({
    resolve(specifier, where, next) {
      if (specifier === './uploader/index.ts') throw new Error('Not served.')
      return next(specifier, where)
    },
  })
  context.after(() => hooks.deregister())
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const engine = new UploadEngine({ signer: () => [] })
  let failures = 0
  engine.addEventListener('file-failed', ({ detail }) => {
    failures += 1
    assert.equal(detail.code, 'library-incomplete')
    if (failures < 100) engine.retry(detail.file.id)
  })
  engine.add([new File(['x'], 'a'), new File(['x'], 'b')])
  while (failures === 0) {
    await new Promise((resolve) => setImmediate(resolve))
    context.mock.timers.tick(4000)
  }
  assert.equal(failures, 2)
  assert.equal(engine.counts.queued, 2)
})
