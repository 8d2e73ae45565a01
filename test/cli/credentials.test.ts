/** Where the command line gets temporary keys: from what the AWS SDKs know, by AWS's own library. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, type TestContext, test } from 'node:test'
import { bucketUploadProcess, type Ran } from '../support/command.ts'

/** A home with the files of aws-cli. */
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'credentials-'))
  mkdirSync(join(home, '.aws/sso/cache'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const END = new Date(Date.now() + 1_800_000)
END.setMilliseconds(0)
const KEYS = { AWS_ACCESS_KEY_ID: 'ENVKEY', AWS_SECRET_ACCESS_KEY: 'hunter2' }
/** As a credential_process and the metadata of machines have them. */
const JSON_KEYS = {
  Version: 1,
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: 'TEMPKEY',
  SecretAccessKey: 'hunter2',
  SessionToken: 'a+token/of=some',
  Token: 'a+token/of=some',
  Expiration: END.toISOString(),
}

function file(path: string, ...lines: string[]): string {
  writeFileSync(join(home, path), `${lines.join('\n')}\n`)
  return join(home, path)
}

function run(args: string[], env: Record<string, string | undefined> = {}): Promise<Ran> {
  return bucketUploadProcess(['presign', 'get', 's3://photos/a', ...args], {
    env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env },
    cwd: home,
  })
}

/** What the URL is signed with. */
function signed({ code, stdout, stderr }: Ran) {
  assert.equal(code, 0, stderr)
  const query = new URL(stdout.trim()).searchParams
  return {
    key: query.get('X-Amz-Credential')?.split('/')[0],
    token: query.get('X-Amz-Security-Token'),
    seconds: Number(query.get('X-Amz-Expires')),
  }
}

/** A service on this machine that answers by its path. */
async function service(
  t: TestContext,
  answer: (request: IncomingMessage, body: string) => string | object | undefined,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const said = answer(request, body)
    if (said === undefined) response.writeHead(404).end()
    else response.end(typeof said === 'string' ? said : JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The Security Token Service: hands out keys, and remembers what was asked. */
async function sts(t: TestContext, refusal?: string) {
  const asked: URLSearchParams[] = []
  const server = createServer(async (request, response) => {
    const params = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
    asked.push(params)
    const action = params.get('Action')
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON_KEYS
    const keys = Object.entries({ AccessKeyId, SecretAccessKey, SessionToken, Expiration })
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')
    const body = refusal
      ? `<ErrorResponse><Error><Code>${refusal}</Code><Message>hunter2</Message></Error></ErrorResponse>`
      : `<${action}Response><${action}Result><Credentials>${keys}</Credentials></${action}Result></${action}Response>`
    response.writeHead(refusal ? 403 : 200, { 'Content-Type': 'text/xml' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = { AWS_ENDPOINT_URL_STS: endpoint, AWS_REGION: 'eu-west-1' }
  return { asked, env }
}

const storj = ['--provider', 'storj']
const aws = ['--provider', 's3', '--region', 'eu-west-1']

describe('a session token is a part of the URL', () => {
  test('from the environment', async () => {
    const env = { ...KEYS, AWS_SESSION_TOKEN: 'a+token/of=some' }
    const ran = await run(storj, env)
    assert.deepEqual(signed(ran), { key: 'ENVKEY', token: 'a+token/of=some', seconds: 3600 })
    assert.equal(
      ran.stderr,
      'Note: the keys are temporary, and the URL ends with them at the latest.\n',
    )
  })

  test('and ends with its keys', async () => {
    const env = {
      ...KEYS,
      AWS_SESSION_TOKEN: 'token',
      AWS_CREDENTIAL_EXPIRATION: END.toISOString(),
    }
    const ran = await run([...storj, '--json', '--expires-in', '7d'], env)
    const { expiresAt } = JSON.parse(ran.stdout)
    assert.equal(expiresAt, END.toISOString())
    assert.equal(
      ran.stderr,
      `Note: the keys are temporary, and the URL ends with them: at ${END.toISOString()}.\n`,
    )
  })

  test('from a profile', async () => {
    file(
      '.aws/credentials',
      '[work]',
      'aws_access_key_id = PROFILEKEY',
      'aws_secret_access_key = b',
      'aws_session_token = profile-token',
    )
    const { key, token } = signed(await run([...storj, '--profile', 'work'], KEYS))
    assert.deepEqual([key, token], ['PROFILEKEY', 'profile-token'])
  })

  test('from .env, with the keys that are there', async () => {
    file('.env', 'AWS_ACCESS_KEY_ID=FILEKEY', 'AWS_SECRET_ACCESS_KEY=s', 'AWS_SESSION_TOKEN=file')
    const { key, token } = signed(await run(storj))
    assert.deepEqual([key, token], ['FILEKEY', 'file'])
  })

  test('but not one that belongs to other keys', async () => {
    file('.env', 'AWS_SESSION_TOKEN=file')
    const { key, token } = signed(await run(storj, KEYS))
    assert.deepEqual([key, token], ['ENVKEY', null])
  })

  test('and is refused once it has ended', async () => {
    const env = {
      ...KEYS,
      AWS_SESSION_TOKEN: 'x',
      AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z',
    }
    const { code, stdout, stderr } = await run(storj, env)
    assert.deepEqual([code, stdout], [3, ''])
    assert.match(stderr, /temporary keys have ended: get new ones.* \(credentials-expired\)/)
  })
})

describe('a profile has its keys from', () => {
  test('a credential_process, which is started once', async () => {
    const program = file(
      'program.mjs',
      `import { appendFileSync } from 'node:fs'`,
      `appendFileSync('${join(home, 'started')}', 'x')`,
      `console.log('${JSON.stringify({ ...JSON_KEYS, Expiration: undefined })}')`,
    )
    file('.aws/config', '[profile work]', `credential_process = ${process.execPath} ${program}`)
    const { key, token } = signed(await run([...storj, '--profile', 'work']))
    assert.deepEqual([key, token], ['TEMPKEY', JSON_KEYS.SessionToken])
    assert.equal(readFileSync(join(home, 'started'), 'utf8'), 'x')
  })

  test('a role, by the keys of another profile', async (t) => {
    const { asked, env } = await sts(t)
    file(
      '.aws/config',
      '[profile base]',
      'aws_access_key_id = BASEKEY',
      'aws_secret_access_key = s',
      '[profile work]',
      'role_arn = arn:aws:iam::123456789012:role/uploads',
      'source_profile = base',
    )
    const { key, token, seconds } = signed(await run(storj, { ...env, AWS_PROFILE: 'work' }))
    assert.deepEqual([key, token], ['TEMPKEY', JSON_KEYS.SessionToken])
    assert.ok(seconds > 1700 && seconds <= 1800, `${seconds}`)
    assert.equal(asked[0]?.get('Action'), 'AssumeRole')
  })

  test('a web identity', async (t) => {
    const { asked, env } = await sts(t)
    const token = file('token', 'a-token-of-the-platform')
    file(
      '.aws/config',
      '[profile work]',
      'role_arn = arn:aws:iam::123456789012:role/uploads',
      `web_identity_token_file = ${token}`,
    )
    assert.equal(signed(await run([...storj, '--profile', 'work'], env)).key, 'TEMPKEY')
    assert.equal(asked[0]?.get('Action'), 'AssumeRoleWithWebIdentity')
  })

  test('SSO, after a sign-in', async (t) => {
    const portal = await service(t, ({ url = '', headers }) => {
      if (!url.startsWith('/federation/credentials?')) return undefined
      if (headers['x-amz-sso_bearer_token'] !== 'signed-in') return undefined
      const [accessKeyId, secretAccessKey, sessionToken] = ['TEMPKEY', 's', 'sso-token']
      return { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: +END } }
    })
    const start = 'https://example.awsapps.com/start'
    const cache = createHash('sha1').update(start).digest('hex')
    const signedIn = { startUrl: start, region: 'eu-west-1', accessToken: 'signed-in' }
    file(
      `.aws/sso/cache/${cache}.json`,
      JSON.stringify({ ...signedIn, expiresAt: END.toISOString() }),
    )
    file(
      '.aws/config',
      '[profile work]',
      `sso_start_url = ${start}`,
      'sso_region = eu-west-1',
      'sso_account_id = 123456789012',
      'sso_role_name = uploads',
    )
    const env = { AWS_ENDPOINT_URL_SSO: portal }
    const { key, token } = signed(await run([...storj, '--profile', 'work'], env))
    assert.deepEqual([key, token], ['TEMPKEY', 'sso-token'])
  })
})

describe('a machine at AWS has its keys from', () => {
  test('the web identity of a pod, or of a job of CI', async (t) => {
    const { asked, env } = await sts(t)
    const token = file('token', 'a-token-of-the-platform')
    const platform = {
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/uploads',
    }
    const { key, token: session } = signed(await run(aws, { ...env, ...platform }))
    assert.deepEqual([key, session], ['TEMPKEY', JSON_KEYS.SessionToken])
    assert.equal(asked[0]?.get('WebIdentityToken')?.trim(), 'a-token-of-the-platform')
  })

  test('its container, or its pod', async (t) => {
    const agent = await service(t, ({ url, headers }) =>
      url === '/v1/credentials' && headers.authorization === 'of-the-pod' ? JSON_KEYS : undefined,
    )
    writeFileSync(join(home, 'pod'), 'of-the-pod')
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(home, 'pod'),
    }
    const { key, token } = signed(await run(aws, env))
    assert.deepEqual([key, token], ['TEMPKEY', JSON_KEYS.SessionToken])
  })

  test('the role of its instance', async (t) => {
    const metadata = await service(t, ({ url, method }) => {
      const path = '/latest/meta-data/iam/security-credentials/'
      if (method === 'PUT') return 'metadata-token'
      if (url === path) return 'role'
      return url === `${path}role` ? JSON_KEYS : undefined
    })
    const env = {
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata,
    }
    const { key, token } = signed(await run(aws, env))
    assert.deepEqual([key, token], ['TEMPKEY', JSON_KEYS.SessionToken])
    // Keys of AWS open nothing there, and its server must not see the token.
    const other = await run(storj, env)
    assert.equal(other.code, 3)
    assert.match(other.stderr, /\(no-credentials\)/)
  })

  test('none of these where keys are set', async (t) => {
    const agent = await service(t, () => assert.fail('it is not asked'))
    const env = { ...KEYS, AWS_CONTAINER_CREDENTIALS_FULL_URI: agent }
    assert.equal(signed(await run(aws, env)).key, 'ENVKEY')
  })
})

describe('what goes wrong is told, with exit code 3', () => {
  /** As where AWS's library is not installed. */
  const without = `--import=data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(specifier, context, next) {
        if (!specifier.startsWith('@aws-sdk/')) return next(specifier, context)
        throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' })
      },
    })
  `)}`

  async function refused(
    args: string[],
    env: Record<string, string | undefined>,
    code: string,
    message: RegExp,
  ): Promise<void> {
    const ran = await run(args, env)
    assert.deepEqual([ran.code, ran.stdout], [3, ''], ran.stderr)
    assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
    assert.match(ran.stderr, message)
    assert.doesNotMatch(ran.stderr, /hunter2/)
  }

  test('a library that is not installed, and how it is', async () => {
    file('.aws/config', '[profile work]', 'credential_process = true')
    const command = /npx -p bucket-upload -p @aws-sdk\/credential-providers bucket-upload/
    const env = { NODE_OPTIONS: without }
    await refused([...storj, '--profile', 'work'], env, 'library-missing', command)
    const agent = { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/' }
    await refused(aws, agent, 'library-missing', command)
    await refused(aws, env, 'no-credentials', /Set AWS_ACCESS_KEY_ID/)
  })

  test('but keys that are set never need it', async () => {
    file(
      '.aws/credentials',
      '[default]',
      'aws_access_key_id = A',
      'aws_secret_access_key = b',
      'aws_session_token = c',
    )
    const env = { NODE_OPTIONS: without }
    assert.equal(signed(await run(aws, env)).token, 'c')
    assert.equal(signed(await run(aws, { ...env, ...KEYS })).token, null)
  })

  test('a credential_process that fails, without its command', async () => {
    const command = `${process.execPath} -e "throw 1" hunter2`
    file('.aws/config', '[profile work]', `credential_process = ${command}`)
    const message = /The profile "work" gave no keys: its credential_process failed: run that/
    await refused([...storj, '--profile', 'work'], {}, 'credentials-failed', message)
  })

  test('SSO without a sign-in', async () => {
    file(
      '.aws/config',
      '[profile work]',
      'sso_start_url = https://example.awsapps.com/start',
      'sso_region = eu-west-1',
      'sso_account_id = 123456789012',
      'sso_role_name = uploads',
    )
    const message = /run "aws sso login --profile work"/
    await refused([...storj, '--profile', 'work'], {}, 'credentials-failed', message)
  })

  test('a role that is refused', async (t) => {
    const { env } = await sts(t, 'AccessDenied')
    const platform = { AWS_WEB_IDENTITY_TOKEN_FILE: file('token', 'x'), AWS_ROLE_ARN: 'arn:aws:x' }
    const message = /role that AWS_ROLE_ARN names could not be had \(AccessDenied\): check/
    await refused(aws, { ...env, ...platform }, 'credentials-failed', message)
  })

  test('a container that has none', async (t) => {
    const agent = await service(t, () => undefined)
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent}/v1/credentials` }
    await refused(aws, env, 'credentials-failed', /check the role of the task or of the pod/)
  })
})
