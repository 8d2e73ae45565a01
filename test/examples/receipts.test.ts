/** The code of docs/receipts.md in other languages, run against receipts of our signer and against false ones. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findPython } from '../../scripts/lib/python.ts'
import { createSigner, readReceipt, type SignerConfig, s3 } from '../../src/server/index.ts'
import { snippetBelow } from '../support/docs/snippets.ts'
import { OTHER_LANGUAGES } from '../support/examples/example-commands.ts'
import { fakeBucket } from '../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'

const PAGE = 'docs/receipts.md'
const SECRET = 'a secret, 16 characters or more: ü'
const NAME = 'Größe „hello“ 日本.txt'
const ETAG = '5d41402abc4b2a76b9719d911017c592'

type Case = [secret: string, text: string, user: string | null]
/** A code, or what the receipt says. */
type Outcome = string | { key: string; name: string; size: number; type: string; etag: string }

const root = mkdtempSync(join(tmpdir(), 'receipts-'))

/** Each program reads a list of cases, and prints a list of what came of them. */
const PROGRAMS: Record<string, () => string[]> = {
  Python() {
    const file = join(root, 'main.py')
    const main = `
import sys
def outcome(case):
    try:
        return read_receipt(*case)
    except ValueError as error:
        return str(error)
print(json.dumps([outcome(case) for case in json.load(sys.stdin)]))
`
    writeFileSync(file, `${snippetBelow(PAGE, '### Python', 'python')}\n${main}`)
    return [findPython(), file]
  },
  Go() {
    const main = `
func main() {
	var cases [][]string
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	outcomes := []any{}
	for _, each := range cases {
		receipt, err := ReadReceipt(each[0], each[1], each[2])
		if err != nil {
			outcomes = append(outcomes, err.Error())
		} else {
			outcomes = append(outcomes, map[string]any{"key": receipt.Key, "name": receipt.Name, "size": receipt.Size, "type": receipt.Type, "etag": receipt.Etag})
		}
	}
	json.NewEncoder(os.Stdout).Encode(outcomes)
}
`
    const imports = ['crypto/hmac', 'crypto/sha256', 'encoding/base64', 'encoding/json', 'errors']
    const all = [...imports, 'os', 'strings', 'time'].map((name) => `"${name}"`).join('\n')
    const code = `package main\n\nimport (\n${all}\n)\n\n${snippetBelow(PAGE, '### Go', 'go')}\n${main}`
    writeFileSync(join(root, 'main.go'), code)
    const built = join(root, 'receipt')
    execFileSync('go', ['build', '-o', built, 'main.go'], { cwd: root, stdio: 'inherit' })
    return [built]
  },
  PHP() {
    const [php = ''] = OTHER_LANGUAGES.php?.() ?? []
    const file = join(root, 'main.php')
    const main = `
function outcome(array $case) {
    try {
        return read_receipt(...$case);
    } catch (Exception $error) {
        return $error->getMessage();
    }
}
error_reporting(E_ALL);
set_error_handler(fn ($code, $said) => throw new Error($said));
echo json_encode(array_map('outcome', json_decode(file_get_contents('php://stdin'), true)));
`
    writeFileSync(file, `<?php\n${snippetBelow(PAGE, '### PHP', 'php')}\n${main}`)
    return [php, file]
  },
  Ruby() {
    const file = join(root, 'main.rb')
    const main = `
def outcome(each)
  read_receipt(*each)
rescue RuntimeError => error
  error.message
end
puts JSON.generate(JSON.parse($stdin.read).map { |each| outcome(each) })
`
    writeFileSync(file, `${snippetBelow(PAGE, '### Ruby', 'ruby')}\n${main}`)
    return ['ruby', '-w', file]
  },
}

async function receiptOf(user: string | null, config: Partial<SignerConfig> = {}): Promise<string> {
  const headers = { 'Content-Length': '5', 'Content-Type': 'text/plain', ETag: `"${ETAG}"` }
  const { fetch } = fakeBucket(() => new Response(null, { headers }))
  const signer = createSigner({
    ...{ bucket: s3({ bucket: 'photos', ...CREDENTIALS }), secret: SECRET, fetch },
    authorize: () => ({ user: user ?? undefined }),
    ...{ receiptExpires: '1h', ...config },
  })
  const ask = async (request: object) => {
    const body = JSON.stringify({ version: 1, requests: [{ id: '1', ...request }] })
    const asked = new Request('http://signer.test/', {
      ...{ method: 'POST', body },
      headers: { 'Content-Type': 'application/json' },
    })
    return (await (await signer(asked)).json()).responses[0]
  }
  const file = { name: NAME, size: 5, type: 'text/plain' }
  const { grant } = await ask({ op: 'put', file })
  const { receipt } = await ask({ op: 'link', grant })
  assert.equal(typeof receipt, 'string')
  return receipt
}

/** What our own reader makes of a case. */
function ours([secret, text, user]: Case): Outcome {
  try {
    const { key, name, size, type, etag } = readReceipt(secret, text, { user: user || null })
    return { key, name, size, type, etag }
  } catch (error) {
    // A secret that is too short is a fault of the site, which the short programs do not tell apart.
    return (error as { code?: string }).code ?? 'receipt-invalid'
  }
}

let good: string
let cases: Case[]

before(async () => {
  good = await receiptOf('ann')
  const [version, payload = '', mac = ''] = good.split('.')
  const nobody = await receiptOf(null)
  const old = await receiptOf('ann', { now: () => new Date(Date.now() - 3_601_000) })
  const otherSecret = await receiptOf('ann', { secret: 'another secret of 16 characters' })
  const claim = Buffer.from(JSON.stringify({ key: 'x', size: 1, user: 'ann', expires: 1e11 }))
  const texts = [
    ...Array.from({ length: good.length }, (_, at) => good.slice(0, at)),
    ...Array.from({ length: good.length }, (_, at) => {
      const other = good[at] === 'A' ? 'B' : 'A'
      return good.slice(0, at) + other + good.slice(at + 1)
    }),
    ...[otherSecret, `${good}.${mac}`, `${good}=`, `${good}\n`, ` ${good}`, `${payload}.${mac}`],
    ...[`v2.${payload}.${mac}`, `${version}..${mac}`, `v1.${claim.toString('base64url')}.${mac}`],
    ...['v1.', '.', '..', '', 'users/ann/cat.jpg', 'é'.repeat(60), '\u0000'],
  ]
  cases = [
    [SECRET, good, 'ann'],
    [SECRET, nobody, ''],
    ...texts.map((text): Case => [SECRET, text, 'ann']),
    [SECRET, old, 'ann'],
    ...['bob', 'Ann', ''].map((user): Case => [SECRET, good, user]),
    [SECRET, nobody, 'ann'],
    [SECRET.slice(1), good, 'ann'],
    ['', good, 'ann'],
    ['short', good, 'ann'],
  ]
})
after(() => rmSync(root, { recursive: true, force: true }))

test('ours reads two of them, and says why it reads none of the others', () => {
  const outcomes = cases.map(ours)
  const read = outcomes.filter((outcome) => typeof outcome === 'object')
  assert.deepEqual(
    read.map(({ name, size, type, etag }) => [name, size, type, etag]),
    Array(2).fill([NAME, 5, 'text/plain', ETAG]),
  )
  const codes = outcomes.filter((outcome) => typeof outcome === 'string')
  const count = (code: string) => codes.filter((each) => each === code).length
  assert.deepEqual([count('receipt-expired'), count('receipt-foreign')], [1, 4])
  assert.equal(count('receipt-invalid'), cases.length - 7)
})

describe('the reader in', () => {
  for (const [language, program] of Object.entries(PROGRAMS)) {
    test(`${language} says the same of each`, () => {
      const [command = '', ...args] = program()
      // In the languages with a type for nothing, nobody is no empty text.
      const nothing = language === 'Go' ? '' : null
      const input = JSON.stringify(
        cases.map(([secret, text, user]) => [secret, text, user || nothing]),
      )
      const { status, stdout, stderr, error } = spawnSync(command, args, {
        input,
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${error ?? ''}${stderr}${stdout}`)
      const outcomes: Outcome[] = JSON.parse(stdout)
      assert.equal(outcomes.length, cases.length)
      for (const [index, outcome] of outcomes.entries()) {
        const [, text] = cases[index] as Case
        const expected = ours(cases[index] as Case)
        if (typeof outcome === 'string' || typeof expected === 'string') {
          assert.equal(outcome, expected, `case ${index}: ${text}`)
        } else {
          const { key, name, size, type, etag } = outcome
          assert.deepEqual({ key, name, size, type, etag }, expected)
        }
      }
    })
  }
})
