/**
 * `node scripts/smoke.mjs`: the built package on this Node.js, whichever that is. Every entry can be
 * imported, the signer signs, the command runs. Plain JavaScript, since older ones run nothing else.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { exports, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url)))
for (const path of Object.keys(exports)) {
  if (!/json$|css$|cdn$|\*/.test(path)) await import(path.replace('.', 'bucket-upload'))
}

const { createSigner, s3 } = await import('bucket-upload/server')
const signer = createSigner({
  authorize: 'everybody',
  bucket: s3({
    bucket: 'photos',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'not a real secret',
  }),
})
const file = { name: 'cat.jpg', size: 1, type: 'image/jpeg' }
const response = await signer(
  new Request('http://localhost/sign', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 1, requests: [{ id: '1', op: 'put', file }] }),
  }),
)
const [signed] = (await response.json()).responses
assert.match(signed.url, /^https:\/\/s3\.us-east-1\.amazonaws\.com\/photos\/.*X-Amz-Signature=/)

const cli = new URL('../dist/cli.js', import.meta.url).pathname
const printed = execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' })
assert.equal(printed, `${version}\n`)
console.log(`All well on Node.js ${process.version}.`)
