/** Where the command line looks for keys, provider, region and endpoint. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { bucketUpload, type RunOptions } from '../support/command.ts'

const home = mkdtempSync(join(tmpdir(), 'target-'))
after(() => rmSync(home, { recursive: true, force: true }))
mkdirSync(join(home, '.aws'))
writeFileSync(
  join(home, '.aws', 'credentials'),
  `# made by aws configure
[default]
aws_access_key_id = DEFAULTKEY
aws_secret_access_key = default/secret+=

[work]
aws_access_key_id=WORKKEY
aws_secret_access_key=work-secret
`,
)
writeFileSync(
  join(home, '.aws', 'config'),
  `[default]
region = eu-west-1
[profile work]
region = eu-central-1
s3 =
    region = no-region
    endpoint_url = https://wrong.example
endpoint_url = https://s3.example.com
[profile bare]
region = eu-west-1
`,
)
const project = mkdtempSync(join(tmpdir(), 'project-'))
after(() => rmSync(project, { recursive: true, force: true }))
writeFileSync(
  join(project, '.env'),
  `AWS_ACCESS_KEY_ID=ENVFILEKEY
AWS_SECRET_ACCESS_KEY='env # file'
BUCKET_UPLOAD_PROVIDER=qencode
BUCKET_UPLOAD_REGION=us-west
`,
)

const KEYS = { AWS_ACCESS_KEY_ID: 'ENVKEY', AWS_SECRET_ACCESS_KEY: 'secret' }

/** Host, key and region of the URL that is made. */
async function made(args: string[], options: RunOptions) {
  const ran = await bucketUpload(['presign', 'get', 's3://photos/a', ...args], options)
  // That .env decides on the server is told, and nothing else.
  assert.match(ran.stderr, options.cwd ? /^(Note: [^\n]*\n)?$/ : /^$/)
  const { origin, pathname, searchParams } = new URL(ran.stdout.trim())
  const [key, , region] = searchParams.get('X-Amz-Credential')?.split('/') ?? []
  return { origin, pathname, key, region }
}

describe('keys come from', () => {
  const storj = ['--provider', 'storj']
  const cases: [where: string, args: string[], options: RunOptions, key: string][] = [
    ['the environment', [], { env: KEYS }, 'ENVKEY'],
    ['.env in the folder', [], { cwd: project }, 'ENVFILEKEY'],
    ['the environment before .env', [], { cwd: project, env: KEYS }, 'ENVKEY'],
    ['the default profile', [], { env: { HOME: home } }, 'DEFAULTKEY'],
    ['the environment before a profile', [], { env: { HOME: home, ...KEYS } }, 'ENVKEY'],
    ['AWS_PROFILE', [], { env: { HOME: home, AWS_PROFILE: 'work' } }, 'WORKKEY'],
    ['--profile before all', ['--profile', 'work'], { env: { HOME: home, ...KEYS } }, 'WORKKEY'],
    [
      'a file that AWS_SHARED_CREDENTIALS_FILE names',
      ['--profile', 'work'],
      { env: { AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws', 'credentials') } },
      'WORKKEY',
    ],
    [
      "the names of IBM's documents",
      [],
      { env: { COS_HMAC_ACCESS_KEY_ID: 'HMACKEY', COS_HMAC_SECRET_ACCESS_KEY: 's' } },
      'HMACKEY',
    ],
  ]
  for (const [where, args, options, key] of cases) {
    test(where, async () => assert.equal((await made([...storj, ...args], options)).key, key))
  }
})

describe('the place follows from', () => {
  const IBM = 'https://s3.eu-de.cloud-object-storage.appdomain.cloud'
  const cases: [
    what: string,
    args: string[],
    options: RunOptions,
    origin: string,
    region: string,
  ][] = [
    [
      'a provider',
      ['--provider', 'storj'],
      { env: KEYS },
      'https://gateway.storjshare.io',
      'us-east-1',
    ],
    [
      'provider and region',
      ['--provider', 'ibm-cos', '--region', 'eu-de'],
      { env: KEYS },
      IBM,
      'eu-de',
    ],
    ['.env', [], { cwd: project }, 'https://us-west.s3.qencode.com', 'us-west'],
    [
      'another region',
      ['--region', 'eu-central'],
      { cwd: project },
      'https://eu-central.s3.qencode.com',
      'eu-central',
    ],
    [
      'another provider',
      ['--provider', 's3'],
      { cwd: project },
      'https://s3.us-east-1.amazonaws.com',
      'us-east-1',
    ],
    ['the endpoint of IBM', ['--endpoint', IBM], { env: KEYS }, IBM, 'eu-de'],
    [
      'the endpoint of Storj',
      ['--endpoint', 'https://gateway.eu1.storjshare.io'],
      { env: KEYS },
      'https://gateway.eu1.storjshare.io',
      'us-east-1',
    ],
    [
      'any endpoint',
      ['--endpoint', 'http://localhost:9000'],
      { env: KEYS },
      'http://localhost:9000',
      'us-east-1',
    ],
    [
      'AWS_REGION',
      ['--provider', 's3'],
      { env: { ...KEYS, AWS_REGION: 'eu-west-3' } },
      'https://s3.eu-west-3.amazonaws.com',
      'eu-west-3',
    ],
    [
      'a profile',
      ['--profile', 'work'],
      { env: { HOME: home } },
      'https://s3.example.com',
      'eu-central-1',
    ],
    [
      'AWS_ENDPOINT_URL',
      [],
      { env: { ...KEYS, AWS_ENDPOINT_URL: 'http://localhost:7480' } },
      'http://localhost:7480',
      'us-east-1',
    ],
    [
      'a provider and not AWS_ENDPOINT_URL',
      ['--provider', 'storj'],
      { env: { ...KEYS, AWS_ENDPOINT_URL: 'http://localhost:7480' } },
      'https://gateway.storjshare.io',
      'us-east-1',
    ],
  ]
  for (const [what, args, options, origin, region] of cases) {
    test(what, async () => {
      const place = await made(args, options)
      assert.deepEqual([place.origin, place.region, place.pathname], [origin, region, '/photos/a'])
    })
  }

  describe('.env, which is told,', () => {
    const HERE = 'http://127.0.0.1:9000'
    const cases: [
      what: string,
      lines: string[],
      args: string[],
      env: Record<string, string>,
      note: string,
    ][] = [
      [
        'by an endpoint',
        [`BUCKET_UPLOAD_ENDPOINT=${HERE}`],
        [],
        {},
        `Note: the server is ${HERE}, as BUCKET_UPLOAD_ENDPOINT in .env of this folder says.\n`,
      ],
      [
        'by an endpoint that aws-cli knows, also for programs',
        [`AWS_ENDPOINT_URL=${HERE}`],
        ['--json'],
        {},
        `Note: the server is ${HERE}, as AWS_ENDPOINT_URL in .env of this folder says.\n`,
      ],
      [
        'by a provider',
        ['BUCKET_UPLOAD_PROVIDER=storj'],
        [],
        {},
        'Note: the server is https://gateway.storjshare.io, as BUCKET_UPLOAD_PROVIDER in .env of this folder says.\n',
      ],
      [
        'but not where an option is what counts',
        [`BUCKET_UPLOAD_ENDPOINT=${HERE}`, 'BUCKET_UPLOAD_PROVIDER=storj'],
        ['--provider', 's3', '--endpoint', 'http://localhost:9001'],
        {},
        '',
      ],
      [
        'but not where the environment is what counts',
        [`BUCKET_UPLOAD_ENDPOINT=${HERE}`],
        [],
        { BUCKET_UPLOAD_ENDPOINT: 'http://localhost:9001' },
        '',
      ],
    ]
    for (const [what, lines, args, env, note] of cases) {
      test(what, async (t) => {
        const cwd = mkdtempSync(join(tmpdir(), 'env-'))
        t.after(() => rmSync(cwd, { recursive: true, force: true }))
        writeFileSync(join(cwd, '.env'), `${lines.join('\n')}\n`)
        const options = { cwd, env: { ...KEYS, ...env } }
        const ran = await bucketUpload(['presign', 'get', 's3://photos/a', ...args], options)
        assert.deepEqual([ran.code, ran.stderr], [0, note])
      })
    }

    test('but cannot choose files of aws-cli, which may run programs', async (t) => {
      const cwd = mkdtempSync(join(tmpdir(), 'env-'))
      t.after(() => rmSync(cwd, { recursive: true, force: true }))
      const file = join(home, '.aws', 'credentials')
      const lines = [`AWS_SHARED_CREDENTIALS_FILE=${file}`, `AWS_CONFIG_FILE=${file}`]
      writeFileSync(join(cwd, '.env'), `${lines.join('\n')}\n`)
      const args = ['presign', 'get', 's3://photos/a', '--provider', 'storj']
      const { stderr } = await bucketUpload(args, { cwd })
      assert.match(stderr, /\(no-credentials\)/)
    })
  })

  for (const [by, args, env] of [
    ['an option', ['--region', 'eu-west-1'], {}],
    ['the environment', [], { AWS_REGION: 'eu-west-1' }],
  ] as const) {
    test(`Transfer Acceleration, and ${by} for the region`, async () => {
      const endpoint = 'https://s3-accelerate.amazonaws.com'
      const options = { env: { ...KEYS, ...env } }
      const place = await made(['--endpoint', endpoint, ...args], options)
      assert.deepEqual(
        [place.origin, place.region, place.pathname],
        ['https://photos.s3-accelerate.amazonaws.com', 'eu-west-1', '/a'],
      )
    })
  }

  test('--addressing virtual-hosted', async () => {
    const args = ['--provider', 'storj', '--addressing', 'virtual-hosted']
    const { origin, pathname } = await made(args, { env: KEYS })
    assert.deepEqual([origin, pathname], ['https://photos.gateway.storjshare.io', '/a'])
  })
})

describe('what is missing or wrong is named, with exit code 3', () => {
  const storj = ['--provider', 'storj']
  const wrong: [
    what: string,
    args: string[],
    options: RunOptions,
    code: string,
    message: RegExp,
  ][] = [
    ['no keys', storj, {}, 'no-credentials', /Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
    [
      'half of the keys',
      storj,
      { env: { AWS_ACCESS_KEY_ID: 'x' } },
      'no-credentials',
      /^Error: AWS_SECRET_ACCESS_KEY is missing/,
    ],
    [
      'a profile that is not there',
      [...storj, '--profile', 'wrok'],
      { env: { HOME: home } },
      'no-profile',
      /no profile "wrok"\. Did you mean "work"\?/,
    ],
    [
      'one that has no keys',
      [...storj, '--profile', 'bare'],
      { env: { HOME: home } },
      'no-credentials',
      /"bare" has no keys/,
    ],
    [
      'no provider',
      [],
      { env: KEYS },
      'no-provider',
      /Add "--provider" with one of: storj, qencode/,
    ],
    [
      'a provider in the environment',
      [],
      { env: { ...KEYS, BUCKET_UPLOAD_PROVIDER: 'storge' } },
      'bad-provider',
      /BUCKET_UPLOAD_PROVIDER is "storge"/,
    ],
    [
      'no region',
      ['--provider', 'ibm-cos'],
      { env: KEYS },
      'no-region',
      /ibm-cos needs it: add for example "--region us-south"/,
    ],
    [
      'a region of AWS for IBM',
      ['--provider', 'ibm-cos'],
      { env: { ...KEYS, AWS_REGION: 'us-east-1' } },
      'no-region',
      /ibm-cos needs it/,
    ],
    [
      'a wrong region',
      ['--provider', 'ibm-cos', '--region', 'moon'],
      { env: KEYS },
      'bad-setting',
      /"--region" for ibm-cos is "moon"/,
    ],
    [
      'the region of a bucket with Transfer Acceleration',
      ['--endpoint', 'https://s3-accelerate.amazonaws.com'],
      { env: KEYS },
      'bad-setting',
      /"--region" is missing: the host of Amazon S3 Transfer Acceleration does not tell/,
    ],
    [
      'its addressing',
      [
        '--endpoint',
        'https://s3-accelerate.amazonaws.com',
        '--region',
        'eu-west-1',
        '--addressing',
        'path',
      ],
      { env: KEYS },
      'bad-setting',
      /"--addressing" must be "virtual-hosted"/,
    ],
    [
      'an endpoint with a path',
      ['--endpoint', 'https://x/y'],
      { env: KEYS },
      'bad-setting',
      /"--endpoint" is "https:\/\/x\/y"/,
    ],
    [
      'qencode by http',
      [
        '--provider',
        'qencode',
        '--region',
        'us-west',
        '--endpoint',
        'http://us-west.s3.qencode.com',
      ],
      { env: KEYS },
      'bad-setting',
      /Qencode denies plain HTTP/,
    ],
    [
      'a key with a line break',
      storj,
      { env: { ...KEYS, AWS_SECRET_ACCESS_KEY: 'hunter2\n' } },
      'bad-setting',
      /The secret key \(AWS_SECRET_ACCESS_KEY\) begins or ends with white space/,
    ],
    [
      'an unknown addressing',
      [...storj, '--addressing', 'host'],
      { env: KEYS },
      'bad-setting',
      /"--addressing" must be/,
    ],
  ]
  for (const [what, args, options, code, message] of wrong) {
    test(what, async () => {
      const ran = await bucketUpload(['presign', 'get', 's3://photos/a', ...args], options)
      assert.equal(ran.code, 3)
      assert.equal(ran.stdout, '')
      assert.match(ran.stderr, message)
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
      assert.doesNotMatch(ran.stderr, /hunter2/)
    })
  }

  test('a provider on the command line, with exit code 2', async () => {
    const args = ['presign', 'get', 's3://photos/a', '--provider', 'storge']
    const ran = await bucketUpload(args, { env: KEYS })
    assert.equal(ran.code, 2)
    assert.match(ran.stderr, /"--provider" is "storge", .* Did you mean "storj"\? \(bad-provider\)/)
  })

  test('a bucket that cannot be one', async () => {
    const ran = await bucketUpload(['presign', 'get', 's3://My_Bucket/a', ...storj], { env: KEYS })
    assert.equal(ran.code, 3)
    assert.match(ran.stderr, /The bucket is "My_Bucket", which is not a bucket name/)
  })
})
