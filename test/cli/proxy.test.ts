/** Proxies of the environment: all requests go through them, but for the hosts in NO_PROXY. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { useProxy } from '../../src/cli/frame/proxy.ts'
import { bucketUploadProcess } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'

let at: CliBucket
const folder = mkdtempSync(join(tmpdir(), 'proxy-'))
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())
after(() => rmSync(folder, { recursive: true, force: true }))

/** A proxy as companies have them, which notes the hosts that it is asked for. */
async function proxy(t: TestContext) {
  const hosts: string[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    hosts.push(new URL(url).host)
    const passed = send(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(passed)
  })
  server.on('connect', ({ url = '' }, socket) => {
    hosts.push(url)
    const [host = '', port] = url.split(':')
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      far.pipe(socket).pipe(far)
    })
    far.on('error', () => socket.destroy())
    socket.on('error', () => far.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return { hosts, env: { ...at.env, HTTP_PROXY: `http://127.0.0.1:${port}` } }
}

const run = (args: string[], env: Record<string, string>) =>
  bucketUploadProcess(args, { cwd: folder, env })

test('every request goes through the proxy', async (t) => {
  const { hosts, env } = await proxy(t)
  writeFileSync(join(folder, 'a'), 'text')
  const { host } = new URL(at.gateway.endpoint)
  const address = `s3://${at.bucket}/a`
  for (const args of [
    ['upload', 'a', address],
    ['ls', address],
    ['download', address, 'b'],
  ]) {
    hosts.length = 0
    const ran = await run(args, env)
    assert.equal(ran.code, 0, ran.stderr)
    assert.deepEqual([...new Set(hosts)], [host], args[0])
  }
  assert.equal(readFileSync(join(folder, 'b'), 'utf8'), 'text')
})

test('NO_PROXY names hosts that are reached without it', async (t) => {
  const { hosts, env } = await proxy(t)
  const ran = await run(['ls', `s3://${at.bucket}`], { ...env, NO_PROXY: '127.0.0.1' })
  assert.equal(ran.code, 0, ran.stderr)
  assert.deepEqual(hosts, [])
})

test('a proxy that .env names is not used', async (t) => {
  const { hosts, env } = await proxy(t)
  writeFileSync(join(folder, '.env'), `HTTP_PROXY=${env.HTTP_PROXY}\n`)
  t.after(() => rmSync(join(folder, '.env')))
  const ran = await run(['ls', `s3://${at.bucket}`], at.env)
  assert.equal(ran.code, 0, ran.stderr)
  assert.deepEqual(hosts, [])
})

describe('an older Node.js', () => {
  const told = (env: Record<string, string>) => {
    const sentences: string[] = []
    useProxy(env, (sentence) => sentences.push(sentence), {})
    return sentences
  }

  test('says that it does not go through the proxy', () => {
    assert.match(told({ https_proxy: 'http://p:1' }).join(), /^https_proxy is set, and Node\.js v/)
    assert.deepEqual(told({}), [])
    assert.deepEqual(told({ HTTPS_PROXY: 'http://p:1', NODE_USE_ENV_PROXY: '1' }), [])
  })
})
