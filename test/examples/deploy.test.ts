/** The Dockerfile and the settings of nginx in docs/deploy.md do what that page says. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { createSigner, s3 } from '../../src/server/index.ts'
import { hasNginx, startNginx } from '../support/docs/nginx.ts'
import { snippetBelow } from '../support/docs/snippets.ts'
import { untilAnswered } from '../support/docs/until-answered.ts'
import { pack } from '../support/examples/packed.ts'
import { run } from '../support/examples/quick-start.ts'
import { serve } from '../support/pages/site.ts'
import { freePorts } from '../support/servers/ports.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'
import { ONE_PUT } from '../support/signer/signer-server.ts'

const PAGE = 'docs/deploy.md'

/** A body with as many bytes as a call may have. */
const LARGEST = ONE_PUT.padEnd(1_000_000)

describe('Docker', () => {
  const root = mkdtempSync(join(tmpdir(), 'docker-'))
  const [context, image] = [join(root, 'context'), join(root, 'image')]
  const steps = snippetBelow(PAGE, '## Docker', 'dockerfile')
    .trim()
    .split('\n')
    .map((line) => /^([A-Z]+) (.+)$/.exec(line)?.slice(1) ?? [])
  const ignored = new Set(snippetBelow(PAGE, '## Docker', 'text').trim().split('\n'))
  let command: string[] = []

  before(() => {
    mkdirSync(context)
    const tarball = pack(root)
    const manifest = { type: 'module', dependencies: { 'bucket-upload': `file:${tarball}` } }
    writeFileSync(join(context, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(context, 'server.js'), snippetBelow(PAGE, '# Deploy the signer', 'js'))
    const signer = snippetBelow('docs/authentication.md', '# Authentication', 'js')
    const session = 'const userOf = async (cookie) => cookie && { id: cookie }\n'
    writeFileSync(join(context, 'signer.js'), session + signer)
    writeFileSync(join(context, '.env'), 'AWS_SECRET_ACCESS_KEY=a secret\n')
    // Makes the lock, and what is ignored.
    run('npm install', context)
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  /** Does a step of a Dockerfile here, with a folder instead of an image. */
  function build([instruction, argument = '']: string[]): void {
    const words = argument.split(' ')
    switch (instruction) {
      case 'FROM':
        assert.match(argument, /^node:\d+-alpine$/)
        assert.equal(/\d+/.exec(argument)?.[0], process.versions.node.split('.')[0])
        break
      case 'WORKDIR':
        assert.match(argument, /^\//)
        mkdirSync(image)
        break
      case 'COPY':
        assert.equal(words.length, 2)
        for (const file of globSync(words[0] === '.' ? ['*', '.*'] : [words[0] ?? ''], {
          cwd: context,
        })) {
          if (!ignored.has(file))
            cpSync(join(context, file), join(image, file), { recursive: true })
        }
        break
      case 'RUN':
        run(argument, image)
        break
      case 'CMD':
        command = JSON.parse(argument)
        break
      default:
        assert.match(`${instruction} ${argument}`, /^(?:USER node|EXPOSE 3000)$/)
    }
  }

  test('the image has the signer and no secret, and answers a health check', async (t) => {
    steps.forEach(build)
    assert.deepEqual(globSync('.env*', { cwd: image }), [])
    const [program = '', ...args] = command
    assert.equal(program, 'node')
    const [port = 0] = await freePorts(1)
    const env = {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      PORT: `${port}`,
    }
    const child = spawn(process.execPath, args, { cwd: image, env, stdio: 'inherit' })
    t.after(() => void child.kill())
    const { status } = await untilAnswered(port, { method: 'OPTIONS' })
    assert.equal(status, 204)
    const headers = { 'Content-Type': 'application/json', Cookie: 'ada' }
    const call = await untilAnswered(port, { method: 'POST', body: ONE_PUT, headers })
    const [{ key }] = (await call.json()).responses
    assert.match(key, /^users\/ada\//)
  })
})

describe('nginx', { skip: hasNginx ? false : 'there is no nginx' }, () => {
  const location = snippetBelow(PAGE, '## Behind a proxy', 'nginx')
  const page = 'https://app.example.com'

  /** A call of a page of this origin, by the name of its host. */
  async function call(
    t: TestContext,
    {
      settings = location,
      origins = undefined as string[] | undefined,
      body = ONE_PUT,
      ofPort = false,
    } = {},
  ): Promise<{ status: number; body: string }> {
    const bucket = s3({ bucket: 'photos', ...CREDENTIALS })
    const rest = origins ? { origins } : {}
    const signer = await serve(createSigner({ bucket, authorize: 'everybody', ...rest }))
    t.after(() => signer.stop())
    const { host } = new URL(signer.origin)
    const nginx = await startNginx(settings.replace('127.0.0.1:3000', host))
    t.after(() => nginx.stop())
    const origin = ofPort ? `http://127.0.0.1:${nginx.port}` : page
    return post(nginx.port, body, { Origin: origin, Host: new URL(origin).host })
  }

  test('passes the host on, so that a page of it may call', async (t) => {
    assert.equal((await call(t)).status, 200)
  })

  test('without the host the signer refuses, unless it lists the page', async (t) => {
    const settings = location.replace(/^.*Host \$host;\n/m, '')
    assert.notEqual(settings, location)
    assert.equal((await call(t, { settings })).status, 403)
    assert.equal((await call(t, { settings, origins: [page] })).status, 200)
  })

  test('on another port the port belongs to the host', async (t) => {
    const [, other = ''] = /`(\$host:\$server_port)`/.exec(readPage()) ?? []
    const settings = location.replace('Host $host;', `Host ${other};`)
    assert.equal((await call(t, { ofPort: true })).status, 403)
    assert.equal((await call(t, { settings, ofPort: true })).status, 200)
  })

  test('lets the largest call pass', async (t) => {
    assert.equal((await call(t, { body: LARGEST })).status, 200)
  })
})

function readPage(): string {
  return readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8')
}

/** By hand, since `fetch` does not set `Host`. */
function post(
  port: number,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const type = { 'Content-Type': 'application/json' }
    const options = { port, path: '/api/sign', method: 'POST', headers: { ...type, ...headers } }
    const request = send(options, async (response) => {
      const chunks = await response.toArray()
      const status = response.statusCode ?? 0
      resolve({ status, body: Buffer.concat(chunks).toString() })
    })
    request.on('error', reject).end(body)
  })
}
