/** The code of docs/other-languages.md in other languages: each can read it, and the signer signs. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { findPython } from '../../scripts/lib/python.ts'
import { parseSignerResponse } from '../../src/protocol/index.ts'
import { snippetBelow, snippetsIn } from '../support/docs/snippets.ts'
import { OTHER_LANGUAGES } from '../support/examples/example-commands.ts'
import { settingsOf } from '../support/examples/example-signer.ts'
import { CREDENTIALS, recompute } from '../support/signer/recompute.ts'
import { putRequest } from '../support/signer/signer-server.ts'

const PAGE = 'docs/other-languages.md'

/** Runs a program on a text, and returns what it prints. */
function run(program: string, args: string[], input: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...{ input, encoding: 'utf8', env: { PATH: process.env.PATH, ...env } },
  })
  assert.equal(status, 0, `${error ?? ''}${stdout}${stderr}\n${input}`)
  return stdout
}

test('Python can read what is in Python', () => {
  const snippets = snippetsIn('python')
  assert.ok(snippets.length >= 3)
  for (const { code } of snippets) {
    run(findPython(), ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], code)
  }
})

test('PHP can read what is in PHP', () => {
  const [php = ''] = OTHER_LANGUAGES.php?.() ?? []
  const snippets = snippetsIn('php')
  assert.ok(snippets.length > 0)
  for (const { code } of snippets)
    run(php, ['-l'], code.startsWith('<?php') ? code : `<?php\n${code}`)
})

describe('the signer in Python with boto3', () => {
  const endpoint = 'https://gateway.storjshare.io'
  const bucket = { bucket: 'photos', endpoint, region: 'us-east-1', ...CREDENTIALS }
  const answer = (...requests: object[]) => {
    const code = snippetBelow(PAGE, '# A signer in another language', 'python')
    const main = `${code}\n\nimport json, sys\n\nprint(json.dumps(answer(json.load(sys.stdin))))\n`
    const body = JSON.stringify({ version: 1, requests })
    return JSON.parse(run(findPython(), ['-c', main], body, settingsOf(bucket, '')))
  }

  test('signs type and size, and a link', async () => {
    const body = answer(putRequest('1'), putRequest('2', { name: '../../etc/passwd', type: '' }))
    assert.deepEqual(parseSignerResponse(body), body)
    const [{ key, url, headers, downloadUrl }, other] = body.responses
    assert.match(key, /^[0-9a-f]{32}\/cat\.jpg$/)
    assert.ok(url.startsWith(`${endpoint}/photos/${key}?`))
    const signed = new URL(url).searchParams.get('X-Amz-SignedHeaders')
    assert.equal(signed, 'content-length;content-type;host')
    const put = await recompute(url, {
      ...{ method: 'PUT', region: 'us-east-1' },
      headers: { ...headers, 'Content-Length': '48211' },
    })
    assert.equal(put.actual, put.expected)
    const get = await recompute(downloadUrl, { method: 'GET', region: 'us-east-1' })
    assert.equal(get.actual, get.expected)
    assert.match(other.key, /^[0-9a-f]{32}\/[\w.-]+$/)
    assert.deepEqual(other.headers, { 'Content-Type': 'application/octet-stream' })
  })

  test('refuses what is too large, and other operations', () => {
    const { responses } = answer(putRequest('1', { size: 25_000_001 }), {
      ...{ id: '2', op: 'create', file: { name: 'a', size: 1, type: '' } },
    })
    const codes = responses.map(({ error }: { error: { code: string } }) => error.code)
    assert.deepEqual(codes, ['too-large', 'unsupported-op'])
  })
})
