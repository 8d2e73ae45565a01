import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { UPLOAD_ERROR_CODES } from '../../../src/engine/api/error-codes.ts'
import { addErrorTexts, UploadError } from '../../../src/engine/api/errors.ts'
import { LATER_ERROR_TEXTS } from '../../../src/engine/api/later-error-texts.ts'
import { UploadEngine } from '../../../src/engine/index.ts'
import { SIGNER_CODES } from '../../../src/protocol/index.ts'

const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
const documented = (heading: string) => {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (?:<a .*><\/a>)?`([a-z0-9-]+)` \|/gm)]
    .map((match) => match[1])
    .sort()
}

test('every code of the browser is in docs/errors.md, and no other', () => {
  assert.deepEqual(documented('In the browser'), [...UPLOAD_ERROR_CODES].sort())
})

test('every code of the signer is in docs/errors.md, and no other', () => {
  assert.deepEqual(documented('From the signer'), [...SIGNER_CODES].sort())
})

test('every code is an anchor of docs/errors.md', () => {
  const anchors = [...page.matchAll(/^\| <a id="(.+)"><\/a>`(.+?)` \|/gm)]
  for (const [, anchor, code] of anchors) assert.equal(anchor, code)
  const codes = new Set<string>([...UPLOAD_ERROR_CODES, ...SIGNER_CODES])
  assert.deepEqual(anchors.map(([, anchor]) => anchor).sort(), [...codes].sort())
})

test('before the uploader is loaded, an error that needs it says what an unexpected one does', () => {
  const { reason } = new UploadError('unexpected', '')
  assert.equal(new UploadError('stalled', '').reason, reason)
  addErrorTexts(LATER_ERROR_TEXTS)
  assert.equal(new UploadError('stalled', '').reason, 'Connection lost.')
  assert.equal(new UploadError('unexpected', '').reason, reason)
})

for (const code of UPLOAD_ERROR_CODES) {
  test(`${code} says in whole sentences what happened, to which file`, () => {
    const { message, reason } = new UploadError(code, 'a.txt', { limit: 1000, accept: '.png' })
    assert.match(reason, /^[A-Z].{10,}\.$/)
    assert.equal(message, `a.txt: ${reason}`)
    const isOwn = reason !== new UploadError('unexpected', '').reason
    assert.equal(isOwn, code !== 'unexpected')
  })
}

test('the hint is there when a listener gets the failure, and then for earlier errors too', async () => {
  const earlier = new UploadError('signer-missing', '')
  const engine = new UploadEngine({ resume: false })
  const hint = new Promise((resolve) => {
    engine.addEventListener('file-failed', ({ detail }) => resolve(detail.error.hint))
  })
  engine.add([new File(['x'], 'a.txt')])
  assert.match(String(await hint), /^Set the "signer" attribute/)
  assert.equal(earlier.hint, await hint)
  assert.equal(new UploadError('too-many-files', '').hint, '')
})
