import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseSignerResponse } from '../../src/protocol/index.ts'
import { CREDENTIALS, recompute } from './recompute.ts'
import { ONE_PUT, putRequest } from './signer-server.ts'

const SIGNER = fileURLToPath(
  new URL('../../examples/signers/python-boto3/signer.py', import.meta.url),
)
const ORIGIN = 'https://app.example'
// Debian's own Python first: it is the one that Debian's boto3 belongs to.
const PYTHON = ['/usr/bin/python3', 'python3'].find(
  (python) => spawnSync(python, ['-c', 'import boto3']).status === 0,
)

describe('the example signer in Python', {
  skip: PYTHON ? false : 'needs Python with boto3',
}, () => {
  let url = ''
  let stop = () => {}

  before(async () => {
    const child = spawn(PYTHON ?? '', [SIGNER], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        BUCKET_UPLOAD_ENDPOINT: 'https://gateway.storjshare.io',
        BUCKET_UPLOAD_BUCKET: 'photos',
        BUCKET_UPLOAD_REGION: 'us-east-1',
        BUCKET_UPLOAD_ORIGIN: ORIGIN,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    })
    stop = () => child.kill()
    const [line] = await once(child.stdout, 'data')
    url = String(line).trim()
  })
  after(() => stop())

  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...headers },
    })

  it('signs a PUT with size and type, and a GET, as the AWS SDK does', async () => {
    const body = await (await send(ONE_PUT)).json()
    assert.deepEqual(parseSignerResponse(body), body)
    const [{ key, url = '', headers, downloadUrl = '' }] = body.responses
    assert.match(key, /^[0-9a-f]{32}\/cat\.jpg$/)
    assert.ok(url.startsWith(`https://gateway.storjshare.io/photos/${key}?`))
    assert.deepEqual(headers, { 'Content-Type': 'image/jpeg' })
    assert.equal(
      new URL(url).searchParams.get('X-Amz-SignedHeaders'),
      'content-length;content-type;host',
    )
    const signed = { ...headers, 'Content-Length': '48211' }
    const put = await recompute(url, { method: 'PUT', region: 'us-east-1', headers: signed })
    assert.equal(put.actual, put.expected)
    const get = await recompute(downloadUrl, { method: 'GET', region: 'us-east-1' })
    assert.equal(get.actual, get.expected)
  })

  it('keeps hostile names out of the key', async () => {
    const names = ['../../etc/passwd', '😀', 'a"b\r\nc', 'x'.repeat(300)]
    const requests = names.map((name, index) => putRequest(`${index}`, { name }))
    const { responses } = await (await send(JSON.stringify({ version: 1, requests }))).json()
    for (const { key } of responses) assert.match(key, /^[0-9a-f]{32}\/\w[\w.-]{0,99}$/)
  })

  it('answers unsupported-op, and refuses what is not a call', async () => {
    const requests = [{ id: '1', op: 'link', key: 'a' }]
    const { responses } = await (await send(JSON.stringify({ version: 1, requests }))).json()
    assert.equal(responses[0].error.code, 'unsupported-op')
    const status = async (...call: Parameters<typeof send>) => (await send(...call)).status
    assert.equal(await status('not JSON'), 400)
    assert.equal(await status('[]'), 400)
    assert.equal(await status('{"version":2,"requests":[]}'), 400)
    assert.equal(await status(ONE_PUT, { 'Content-Type': 'text/plain' }), 415)
  })

  it('answers a preflight from the page of its environment only', async () => {
    const ask = async (Origin: string) => {
      const { headers } = await fetch(url, { method: 'OPTIONS', headers: { Origin } })
      return headers.get('Access-Control-Allow-Origin')
    }
    assert.equal(await ask(ORIGIN), ORIGIN)
    assert.equal(await ask('https://evil.test'), null)
  })
})
