/** `doctor`: a healthy bucket is found healthy, and each fault is named with what to do. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as forward, type IncomingHttpHeaders, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { AwsClient } from 'aws4fetch'
import { bucketUpload } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { freePorts } from '../support/servers/ports.ts'
import {
  listMultipartUploads,
  listObjects,
  OPEN_CORS,
  putCors,
} from '../support/servers/s3-admin.ts'

const PAGE = 'https://app.example'
let at: CliBucket
before(async () => {
  at = await cliBucket()
  // In the test gateway a day of a rule lasts seconds.
  const args = ['lifecycle', 'apply', `s3://${at.bucket}`, '--unfinished', '3650']
  assert.equal((await bucketUpload(args, { env: at.env })).code, 0)
})
after(() => at.remove())
beforeEach(() => putCors(at.gateway, at.bucket, [OPEN_CORS]))

interface Found {
  name: string
  status: string
  code?: string
  message?: string
}

async function examine(env: Record<string, string> = {}, ...args: string[]) {
  const all = ['doctor', `s3://${at.bucket}/health/`, '--origin', PAGE, '--json', ...args]
  const { code, stdout, stderr } = await bucketUpload(all, { env: { ...at.env, ...env } })
  assert.equal(stderr, '')
  assert.doesNotMatch(stdout, /X-Amz|hunter2/)
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Found[] }
  assert.equal(code, ok ? 0 : 1)
  const failed = checks.filter(({ status }) => status === 'failed')
  return { ok, checks, failed }
}

async function listen(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Answering {
  status?: number
  body?: string
  date?: string
  /** A header that is not handed on. */
  without?: string
}

/** The gateway behind a proxy that answers some requests by itself, or tells another time. */
async function seenThrough(
  t: TestContext,
  change: (
    method: string,
    url: URL,
    host: string,
    headers: IncomingHttpHeaders,
  ) => Answering | undefined,
): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const changed = change(method, new URL(url, 'http://x'), headers.host ?? '', headers) ?? {}
    if (changed.without) delete headers[changed.without]
    const date = changed.date ? { date: changed.date } : {}
    if (changed.status !== undefined) {
      request.resume()
      response.writeHead(changed.status, date).end(changed.body)
      return
    }
    const outgoing = forward(`${at.gateway.endpoint}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...date })
      answer.pipe(response)
    })
    request.pipe(outgoing)
  })
  return { BUCKET_UPLOAD_ENDPOINT: `http://${await listen(t, server)}` }
}

/** Stands for the name server that knows the hosts of buckets. */
const NAMES = `--import=data:text/javascript,${encodeURIComponent(`
  import dns from 'node:dns'
  const { lookup } = dns
  dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest)
`)}`

const refusal = (code: string, message = '', more = '') =>
  `<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`

/** Lets the owner of the bucket do all but these. */
async function deny(t: TestContext, ...actions: string[]): Promise<void> {
  const { endpoint, ...keys } = at.gateway
  const client = new AwsClient({ ...keys, service: 's3' })
  const url = `${endpoint}/${at.bucket}?policy`
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: actions,
        Resource: [`arn:aws:s3:::${at.bucket}`, `arn:aws:s3:::${at.bucket}/*`],
      },
    ],
  }
  const answer = await client.fetch(url, { method: 'PUT', body: JSON.stringify(policy) })
  assert.ok(answer.ok, await answer.text())
  t.after(() => client.fetch(url, { method: 'DELETE' }))
}

test('a healthy bucket is healthy, and nothing is left in it', async () => {
  const { ok, checks } = await examine()
  assert.deepEqual(
    checks.filter(({ status }) => status !== 'ok'),
    [],
  )
  assert.ok(ok)
  assert.deepEqual(
    checks.map(({ name }) => name),
    [
      'endpoint',
      'clock',
      'bucket',
      'lifetime',
      'put',
      'head',
      'get',
      'expiry',
      'conditional-write',
      'cors',
      'etag',
      'multipart',
      'lifecycle',
      'post-policy',
      'http2',
      'unsigned-headers',
    ],
  )
  assert.deepEqual(await listObjects(at.gateway, at.bucket), [])
  assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), [])
})

test('people are told line by line', async () => {
  await putCors(at.gateway, at.bucket, [])
  const args = ['doctor', `s3://${at.bucket}`, '--origin', PAGE]
  const { code, stdout, stderr } = await bucketUpload(args, { env: at.env })
  assert.equal(code, 1)
  assert.match(stderr, /^✓ there are keys for/)
  assert.match(stdout, /^✓ a presigned GET returns the same bytes$/m)
  assert.match(
    stdout,
    /^✗ the bucket lets the page upload\n {2}The bucket does not let https:\/\/app\.example upload: run "bucket-upload cors apply /m,
  )
  assert.match(stdout, /^· the page may read the ETag: not looked at, needs "cors"$/m)
})

describe('each fault is named', () => {
  /** Exactly this one check fails, with this code. */
  async function finds(
    name: string,
    code: string,
    message: RegExp,
    env: Record<string, string> = {},
    ...args: string[]
  ): Promise<void> {
    const { failed } = await examine(env, ...args)
    assert.deepEqual(
      failed.map((it) => [it.name, it.code]),
      [[name, code]],
    )
    assert.match(failed[0]?.message ?? '', message)
  }

  test('no CORS rule', async () => {
    await putCors(at.gateway, at.bucket, [])
    await finds(
      'cors',
      'cors-blocked',
      /run "bucket-upload cors apply --origin https:\/\/app\.example s3:/,
    )
  })

  test('a CORS rule for another page', async () => {
    await putCors(at.gateway, at.bucket, [{ ...OPEN_CORS, origins: ['https://other.example'] }])
    await finds('cors', 'cors-blocked', /does not let https:\/\/app\.example upload/)
  })

  test('a CORS rule without the headers that are signed along', async () => {
    const headers = ['content-md5', 'content-type']
    await putCors(at.gateway, at.bucket, [{ ...OPEN_CORS, headers }])
    await finds('cors', 'cors-blocked', /does not let https:\/\/app\.example upload/)
  })

  test('a hidden ETag', async () => {
    await putCors(at.gateway, at.bucket, [{ ...OPEN_CORS, exposeHeaders: [] }])
    await finds('etag', 'etag-hidden', /hides the ETag/)
  })

  test('a wrong key', () =>
    finds('bucket', 'wrong-key', /check AWS_ACCESS_KEY_ID/, { AWS_ACCESS_KEY_ID: 'NOBODY' }))

  test('a wrong secret', () =>
    finds('bucket', 'wrong-secret', /secret key is complete/, { AWS_SECRET_ACCESS_KEY: 'hunter2' }))

  test('no right to write', async (t) => {
    await deny(t, 's3:PutObject')
    await finds('put', 'access-denied', /right to read and write objects/)
  })

  test('no right to read', async (t) => {
    await deny(t, 's3:GetObject')
    const { failed } = await examine()
    assert.deepEqual(failed[0]?.code, 'access-denied')
  })

  test('a missing bucket', async () => {
    const args = ['doctor', 's3://no-such-bucket-here', '--json']
    const { code, stdout } = await bucketUpload(args, { env: at.env })
    assert.equal(code, 1)
    const { checks } = JSON.parse(stdout) as { checks: Found[] }
    const [first] = checks.filter(({ status }) => status === 'failed')
    assert.deepEqual([first?.name, first?.code], ['bucket', 'no-such-bucket'])
  })

  test('no server', async () => {
    const [port] = await freePorts(1)
    const env = { BUCKET_UPLOAD_ENDPOINT: `http://127.0.0.1:${port}` }
    await finds('endpoint', 'bucket-unreachable', /cannot be reached \(ECONNREFUSED\): check/, env)
  })

  test('a wrong clock', async (t) => {
    const date = new Date(Date.now() - 3_600_000).toUTCString()
    const env = await seenThrough(t, () => ({ date }))
    await finds(
      'clock',
      'wrong-clock',
      /is 60 minutes ahead of that of the server.*set it by NTP/,
      env,
    )
  })

  test('a wrong clock, by which the gateway refuses what is signed', async () => {
    const code = `const Real = Date
globalThis.Date = class extends Real {
  constructor(...args) { args.length > 0 ? super(...args) : super(Real.now() - 7_200_000) }
  static now() { return Real.now() - 7_200_000 }
}`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
    await finds('clock', 'wrong-clock', /is 120 minutes behind that of the server/, env)
  })

  test('a wrong region', async (t) => {
    const body = refusal(
      'AuthorizationHeaderMalformed',
      "the region is wrong; expecting 'eu-west-3'",
      '<Region>eu-west-3</Region>',
    )
    const env = await seenThrough(t, () => ({ status: 400, body }))
    await finds('bucket', 'wrong-region', /set "--region eu-west-3"/, env)
  })

  test('parts that are forbidden', async (t) => {
    const env = await seenThrough(t, (method, { searchParams }) =>
      method === 'POST' && searchParams.has('uploads')
        ? { status: 403, body: refusal('AccessDenied') }
        : undefined,
    )
    await finds('multipart', 'no-multipart', /Files over 16 MiB cannot be uploaded/, env)
  })

  for (const [what, action, operation] of [
    ['cannot be listed', 's3:ListMultipartUploadParts', 'ListParts'],
    ['cannot be thrown away', 's3:AbortMultipartUpload', 'AbortMultipartUpload'],
  ] as const) {
    test(`parts that ${what}`, async (t) => {
      await deny(t, action)
      await finds('multipart', 'no-multipart', new RegExp(`^${operation} failed`))
    })
  }

  test('path style that is refused', async (t) => {
    const env = await seenThrough(t, (_, __, host) =>
      host.startsWith(`${at.bucket}.`)
        ? undefined
        : { status: 400, body: refusal('InvalidRequest') },
    )
    const port = env.BUCKET_UPLOAD_ENDPOINT?.split(':').at(-1)
    const place = { BUCKET_UPLOAD_ENDPOINT: `http://localhost:${port}`, NODE_OPTIONS: NAMES }
    await finds('bucket', 'wrong-addressing', /add "--addressing virtual-hosted"/, place)
  })

  test('links that should work for too long', () =>
    finds('lifetime', 'expiry-too-long', /ask for less/, {}, '--expires-in', '30d'))

  test('an expiry that is not enforced', async (t) => {
    const env = await seenThrough(t, (method, { searchParams }) =>
      method === 'GET' && searchParams.get('X-Amz-Expires') === '60' ? { status: 200 } : undefined,
    )
    await finds('expiry', 'expiry-ignored', /serves a URL that has expired/, env)
  })

  test('http where the server speaks https', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost']
    execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const options = { key: readFileSync(key), cert: readFileSync(cert) }
    const server = createTlsServer(options, (_, response) => response.end())
    const host = await listen(t, server as unknown as Server)
    await finds('endpoint', 'plain-http', /write "https:\/\/"/, {
      BUCKET_UPLOAD_ENDPOINT: `http://${host}`,
    })
  })

  for (const [what, name, code, fault] of [
    [
      'writes that cannot be refused',
      'conditional-write',
      'no-conditional-write',
      (method: string) => method === 'PUT',
    ],
    [
      'no rule for unfinished uploads',
      'lifecycle',
      'no-lifecycle-rule',
      (method: string, url: URL) => method === 'GET' && url.searchParams.has('lifecycle'),
    ],
    [
      'no forms',
      'post-policy',
      'no-post-policy',
      (method: string, url: URL) => method === 'POST' && url.search === '',
    ],
  ] as const) {
    test(`${what}: is lacking, and no failure`, async (t) => {
      let puts = 0
      const env = await seenThrough(t, (method, url) => {
        if (!fault(method, url)) return undefined
        // The first PUT stores the object.
        if (method === 'PUT' && (++puts !== 2 || url.searchParams.has('partNumber')))
          return undefined
        if (method === 'GET') return { status: 404, body: refusal('NoSuchLifecycleConfiguration') }
        return { status: method === 'PUT' ? 200 : 501 }
      })
      const { ok, checks } = await examine(env)
      assert.ok(ok)
      assert.deepEqual(
        checks.filter(({ status }) => status !== 'ok').map((it) => [it.name, it.status, it.code]),
        [[name, 'lacking', code]],
      )
    })
  }
})

describe('headers that are not signed', () => {
  const SOURCE = 'x-amz-copy-source'
  const COPY = /-copy$/
  /** What is lacking, and nothing else is. */
  async function lacking(env: Record<string, string>, ...args: string[]): Promise<Found> {
    const { ok, checks } = await examine(env, ...args)
    const [found, ...more] = checks.filter(({ status }) => status !== 'ok')
    assert.ok(ok)
    assert.deepEqual(more, [])
    assert.deepEqual([found?.name, found?.status], ['unsigned-headers', 'lacking'])
    assert.equal(found?.code, 'unsigned-headers')
    return found as Found
  }

  test('are taken by Ceph where no guard is signed, and guards help', async () => {
    const place = { BUCKET_UPLOAD_PROVIDER: 'ibm-cos', BUCKET_UPLOAD_REGION: 'us-south' }
    const { message } = await lacking(place)
    assert.match(message ?? '', /can copy whatever .* may read, and let everyone read what they/)
    assert.match(message ?? '', /"uploadKeys" that can write .*, or sign "guardHeaders: GUARD_HEA/)
    assert.deepEqual(await listObjects(at.gateway, at.bucket), [])
  })

  test('are taken by a server that heeds no guard: only keys help', async (t) => {
    const env = await seenThrough(t, (method, { pathname }, _, headers) => {
      if (method === 'PUT' && headers[SOURCE]) return { status: 200 }
      const isRead = method === 'GET' && COPY.test(pathname)
      return isRead ? { status: 200, body: 'bucket-upload doctor\n' } : undefined
    })
    const { message } = await lacking(env)
    assert.match(message ?? '', /can copy whatever/)
    assert.match(message ?? '', /Give the signer "uploadKeys" that can write and not read\. See/)
  })

  test('are taken for parts only', async (t) => {
    const env = await seenThrough(t, (method, { searchParams }, _, headers) =>
      method === 'PUT' && headers[SOURCE] && searchParams.has('partNumber')
        ? { status: 200, body: '<CopyPartResult></CopyPartResult>' }
        : undefined,
    )
    assert.match((await lacking(env)).message ?? '', /can copy whatever .* may read\. Give/)
  })

  test('publish an object, where the ACL is taken', async (t) => {
    const env = await seenThrough(t, (method, { pathname, search }, _, headers) => {
      if (method === 'PUT' && headers['x-amz-acl'] === 'public-read') return { status: 200 }
      const isPlain = method === 'GET' && search === '' && COPY.test(pathname)
      return isPlain ? { status: 200 } : undefined
    })
    const { message } = await lacking(env)
    assert.match(message ?? '', /can let everyone read what they upload\. Have the bucket refuse/)
  })

  test('do no harm where they are ignored', async (t) => {
    const env = await seenThrough(t, (_, __, ___, headers) =>
      headers[SOURCE] ? { without: SOURCE } : undefined,
    )
    const { checks } = await examine(env)
    assert.equal(checks.at(-1)?.status, 'ok')
  })
})

for (const [when, method, key = ''] of [
  ['while it stores', 'PUT'],
  ['while it looks at what it has stored', 'HEAD'],
  ['while it begins an upload in parts', 'POST'],
  ['while it adds headers', 'PUT', '-copy'],
] as const) {
  test(`stopped ${when}, it leaves nothing behind`, async (t) => {
    const before = await listMultipartUploads(at.gateway, at.bucket)
    let child: { kill(signal: NodeJS.Signals): boolean } | undefined
    const env = await seenThrough(t, (asked, { pathname }) => {
      // The request goes on its way, and its answer comes too late.
      if (asked !== method || !pathname.endsWith(key)) return undefined
      child?.kill('SIGINT')
      // A second signal would end it at once.
      child = undefined
      return undefined
    })
    const args = ['doctor', `s3://${at.bucket}/health/`]
    const { code } = await bucketUpload(args, {
      env: { ...at.env, ...env },
      started: (it) => {
        child = it
      },
    })
    assert.equal(code, 130)
    assert.deepEqual(await listObjects(at.gateway, at.bucket), [])
    assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), before)
  })
}
