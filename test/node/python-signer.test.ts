import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseSignerResponse } from '../../src/protocol/index.ts'
import { startPythonSigner } from '../support/python-signer.ts'
import { CREDENTIALS, recompute } from './recompute.ts'
import { ONE_PUT, putRequest } from './signer-server.ts'

const ORIGIN = 'https://app.example'

describe('the example signer in Python', () => {
  let url = ''
  let stop = () => {}

  before(async () => {
    const endpoint = 'https://gateway.storjshare.io'
    const bucket = { bucket: 'photos', endpoint, region: 'us-east-1', ...CREDENTIALS }
    const signer = await startPythonSigner(bucket, ORIGIN)
    ;({ url, stop } = signer)
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
    const file = { name: 'a.txt', size: 1, type: 'text/plain' }
    const ops = ['create', 'part', 'parts', 'complete', 'abort', 'link', 'other']
    const requests = ops.map((op) => ({ id: op, op, grant: 'a', file, partNumber: 1 }))
    const { responses } = await (await send(JSON.stringify({ version: 1, requests }))).json()
    const refused = responses.map(({ id, error }: { id: string; error: { code: string } }) => [
      id,
      error.code,
    ])
    assert.deepEqual(
      refused,
      ops.map((op) => [op, 'unsupported-op']),
    )
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
