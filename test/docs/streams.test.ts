/** What docs/streams.md encrypts can be decrypted, and nothing else can. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import ts from 'typescript'
import { snippetBelow } from '../support/docs/snippets.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Coder = (key: CryptoKey) => TransformStream<Bytes, Bytes>

const BLOCK = 65_536
const HEAD = 7
const TAG = 16

const { outputText } = ts.transpileModule(snippetBelow('docs/streams.md', '## Encrypt', 'ts'), {
  compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
})
const { encrypt, decrypt }: { encrypt: Coder; decrypt: Coder } = await import(
  `data:text/javascript,${encodeURIComponent(outputText)}`
)

const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
const key = await newKey()

/** Sends bytes through, in chunks of so many. */
async function through(coder: TransformStream<Bytes, Bytes>, bytes: Bytes, chunk = 10_000) {
  let at = 0
  const stream = new ReadableStream<Bytes>({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + chunk))
      at += chunk
    },
  })
  return new Uint8Array(await new Response(stream.pipeThrough(coder)).arrayBuffer())
}

const bytesOf = (size: number): Bytes => new Uint8Array(size).map((_, index) => (index * 7) % 251)

for (const size of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 200_000]) {
  test(`${size} bytes come out as they went in`, async () => {
    const encrypted = await through(encrypt(key), bytesOf(size))
    const blocks = Math.max(1, Math.ceil(size / BLOCK))
    assert.equal(encrypted.length, HEAD + size + blocks * TAG)
    for (const chunk of [1000, 1e6]) {
      assert.deepEqual(await through(decrypt(key), encrypted, chunk), bytesOf(size))
    }
  })
}

test('the same bytes are never encrypted the same', async () => {
  const [one, other] = [
    await through(encrypt(key), bytesOf(9)),
    await through(encrypt(key), bytesOf(9)),
  ]
  assert.notDeepEqual(one, other)
})

const wrong: Record<string, (encrypted: Bytes) => Bytes> = {
  'one bit is another one': (it) => it.with(100, (it[100] ?? 0) ^ 1),
  'its end is cut off': (it) => it.slice(0, -1),
  'its last block is left out': (it) => it.slice(0, HEAD + 3 * (BLOCK + TAG)),
  'it ends within its head': (it) => it.slice(0, 3),
  'a block is left out': (it) =>
    new Uint8Array([...it.slice(0, HEAD), ...it.slice(HEAD + BLOCK + TAG)]),
  'blocks have changed places': (it) => {
    const block = (index: number) =>
      it.slice(HEAD + index * (BLOCK + TAG), HEAD + (index + 1) * (BLOCK + TAG))
    const rest = it.slice(HEAD + 2 * (BLOCK + TAG))
    return new Uint8Array([...it.slice(0, HEAD), ...block(1), ...block(0), ...rest])
  },
  'something was put behind it': (it) => new Uint8Array([...it, 0]),
}
for (const [what, damage] of Object.entries(wrong)) {
  test(`nothing is decrypted to its end if ${what}`, async () => {
    const encrypted = await through(encrypt(key), bytesOf(200_000))
    await assert.rejects(through(decrypt(key), damage(encrypted)))
  })
}

test('nothing is decrypted by another key', async () => {
  const encrypted = await through(encrypt(key), bytesOf(1000))
  await assert.rejects(through(decrypt(await newKey()), encrypted))
})
