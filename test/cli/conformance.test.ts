import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, it, type TestContext } from 'node:test'
import { type FetchHandler, nodeListener } from '../../src/server/http/node.ts'
import {
  type Bucket,
  createSigner,
  ibmCos,
  qencode,
  type SignerConfig,
  s3,
  storj,
} from '../../src/server/index.ts'
import { bucketUpload } from '../support/command.ts'
import { OTHER_LANGUAGES } from '../support/examples/example-commands.ts'
import { settingsOf, startExample } from '../support/examples/example-signer.ts'
import { PASSWORD, WRONG_SIGNERS } from '../support/faults/wrong-signers.ts'
import { type Gateway, writingKeys } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  emptyBucket,
  listMultipartUploads,
  listObjects,
} from '../support/servers/s3-admin.ts'

interface Report {
  passed: boolean
  results: { id: string; verdict: string; said: string }[]
}

async function serve(test: TestContext, handler: FetchHandler): Promise<string> {
  const server = createServer(nodeListener(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/sign`
}

async function examine(
  url: string,
  args: readonly string[] = [],
  env = {},
): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await bucketUpload(['conformance', url, '--json', ...args], {
    env,
  })
  assert.equal(stderr, '')
  return { code, ...JSON.parse(stdout) }
}

const as = (who: string) => [['--header-from', 'Authorization=WHO'], { WHO: who }] as const
const faultsOf = ({ results }: Report) =>
  results.filter(({ verdict }) => verdict === 'fault').map(({ id, said }) => `${id}: ${said}`)

describe('bucket-upload conformance', () => {
  let gateway: Gateway
  const name = bucketName('conformance')
  let options: { bucket: string; accessKeyId: string; secretAccessKey: string }
  let bucket: Bucket

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, name)
    const { accessKeyId, secretAccessKey, endpoint, region } = gateway
    options = { bucket: name, accessKeyId, secretAccessKey }
    bucket = s3({ ...options, endpoint, region })
  })
  after(() => deleteBucket(gateway, name))

  const presets: Record<string, () => Bucket> = {
    s3: () => s3(options),
    storj: () => storj(options),
    qencode: () => qencode({ ...options, region: 'eu-central' }),
    'ibm-cos': () => ibmCos({ ...options, region: 'eu-de' }),
  }
  for (const [preset, make] of Object.entries(presets)) {
    it(`passes our signer with the preset ${preset}, and leaves nothing behind`, async (test) => {
      const signer = createSigner({
        authorize: 'everybody',
        bucket: { ...make(), endpoint: gateway.endpoint },
      })
      const report = await examine(await serve(test, signer))
      assert.deepEqual(faultsOf(report), [])
      assert.equal(report.code, 0)
      const stored = report.results.find(({ id }) => id === 'stored')
      assert.deepEqual([stored?.verdict, stored?.said], ['ok', 'A part was stored and listed.'])
      assert.deepEqual(await listMultipartUploads(gateway, name), [])
      assert.deepEqual(await listObjects(gateway, name), [])
    })
  }

  const configs: Record<string, Partial<SignerConfig>> = {
    'users with prefixes': {
      authorize: (it) =>
        it.headers.get('Authorization') === PASSWORD && { user: '1', prefix: 'users/1/' },
    },
    'folders kept': {
      authorize: (it) => it.headers.get('Authorization') === PASSWORD && {},
      keepPaths: true,
    },
  }
  it('passes our signer with routes, by each of them', async (test) => {
    const routes = { any: {}, text: { accept: 'text/plain', key: 'text/{id}' } }
    const url = await serve(test, createSigner({ bucket, authorize: 'everybody', routes }))
    for (const route of Object.keys(routes)) {
      const report = await examine(url, ['--route', route])
      assert.deepEqual(faultsOf(report), [])
      assert.equal(report.results.find(({ id }) => id === 'route')?.verdict, 'ok')
    }
    const { results } = await examine(url)
    assert.equal(results.find(({ id }) => id === 'shape')?.verdict, 'fault')
  })

  it('finds a signer that takes any route', async (test) => {
    const signer = createSigner({ bucket, authorize: 'everybody' })
    const url = await serve(test, async (request) => {
      const body = (await request.text()).replaceAll(/"route":"[^"]*",?/g, '')
      return signer(new Request(request, { body }))
    })
    assert.deepEqual(faultsOf(await examine(url, ['--route', 'any'])), [
      'route: It takes a route that it does not have, so a slip in the page goes unseen.',
    ])
    const { results, passed } = await examine(url)
    assert.equal(results.find(({ id }) => id === 'route')?.verdict, 'warning')
    assert.equal(passed, true)
  })

  for (const [what, config] of Object.entries(configs)) {
    it(`passes our signer with ${what}, and every rule is kept`, async (test) => {
      const signer = createSigner({
        bucket,
        authorize: 'everybody',
        disposition: 'inline',
        ...config,
      })
      const { results, code } = await examine(await serve(test, signer), ...as(PASSWORD))
      assert.deepEqual(
        results.filter(({ verdict }) => verdict !== 'ok'),
        [],
      )
      assert.equal(code, 0)
    })
  }

  for (const [example, command] of Object.entries(OTHER_LANGUAGES)) {
    it(`passes the example ${example}`, async () => {
      const env = settingsOf({ ...gateway, bucket: name }, 'https://app.example')
      const signer = await startExample(example, command(), env)
      try {
        const report = await examine(signer.url)
        assert.deepEqual(faultsOf(report), [])
        assert.equal(report.code, 0)
      } finally {
        signer.stop()
      }
    })
  }

  for (const [rule, make] of Object.entries(WRONG_SIGNERS)) {
    it(`finds what is wrong with a signer, and nothing else: ${rule}`, async (test) => {
      const report = await examine(await serve(test, make(bucket)), ...as(PASSWORD))
      assert.equal(report.code, 1)
      const broken = report.results.filter(({ verdict }) => verdict === 'fault')
      assert.deepEqual(
        [...new Set(broken.map(({ id }) => id))],
        [rule],
        faultsOf(report).join('\n'),
      )
      assert.deepEqual(await listMultipartUploads(gateway, name), [])
    })
  }

  describe('headers that are not signed', () => {
    afterEach(() => emptyBucket(gateway, name))
    const unsigned = async (url: string, ...args: string[]) => {
      const { results, code } = await examine(url, args)
      assert.equal(code, 0)
      return results.find(({ id }) => id === 'unsigned-headers')
    }
    const bare = (): Bucket => ({ ...bucket, guardHeaders: {} })

    it('are found where Ceph takes them, and nothing is left behind', async (test) => {
      const url = await serve(test, createSigner({ bucket: bare(), authorize: 'everybody' }))
      const found = await unsigned(url)
      assert.equal(found?.verdict, 'warning')
      assert.match(found?.said ?? '', /may copy what the key .* can read. --store tries.*Let the/)
      assert.deepEqual(await listObjects(gateway, name), [])
    })

    it('are found with an object, and that stays', async (test) => {
      const url = await serve(test, createSigner({ bucket: bare(), authorize: 'everybody' }))
      const found = await unsigned(url, '--store')
      assert.equal(found?.verdict, 'warning')
      assert.match(found?.said ?? '', /copies whatever the key of the signer can read.*Let the/)
      const objects = await listObjects(gateway, name)
      assert.equal(objects.length, 2)
      assert.deepEqual(new Set(objects.map(({ etag }) => etag)).size, 1)
    })

    it('publish an object where the guard is only against copies', async (test) => {
      const { 'x-amz-acl': _, ...guardHeaders } = bucket.guardHeaders
      const guarded = { ...bucket, guardHeaders }
      const url = await serve(test, createSigner({ bucket: guarded, authorize: 'everybody' }))
      const found = await unsigned(url, '--store')
      assert.equal(found?.verdict, 'warning')
      assert.match(found?.said ?? '', /makes its object public/)
    })

    it('are refused by all guards together, also for an object that is there', async (test) => {
      const url = await serve(test, createSigner({ bucket, authorize: 'everybody' }))
      const found = await unsigned(url, '--store')
      assert.deepEqual([found?.verdict, found?.said], ['ok', 'Tried with an object, which stays.'])
    })

    it('copy nothing where the key cannot read, which an object shows', async (test) => {
      const uploadKeys = writingKeys(gateway)
      const guardHeaders = { 'x-amz-acl': 'private' }
      const guarded = s3({ ...options, ...gateway, uploadKeys, guardHeaders })
      const url = await serve(test, createSigner({ bucket: guarded, authorize: 'everybody' }))
      assert.equal((await unsigned(url))?.verdict, 'warning')
      assert.equal((await unsigned(url, '--store'))?.verdict, 'ok')
    })
  })

  it('prints no URL and no secret, op by op, with a sum', async (test) => {
    const url = await serve(test, createSigner({ bucket, authorize: 'everybody' }))
    const { stdout, code } = await bucketUpload(['conformance', url])
    assert.equal(code, 0)
    assert.match(stdout, /^put$/m)
    assert.match(stdout, /^ {2}✓ binds the URL to the size$/m)
    assert.match(stdout, /^\d+ kept, 0 broken, 1 to look at, 0 left out$/m)
    assert.doesNotMatch(stdout, /https?:\/\/|X-Amz|\[\d/)
  })

  it('says what to do where nothing is signed, and where nobody answers', async (test) => {
    const url = await serve(
      test,
      createSigner({ bucket, authorize: 'everybody', accept: 'image/*' }),
    )
    const refused = await examine(url)
    assert.equal(refused.code, 1)
    assert.match(faultsOf(refused).join(), /^shape: .*"type-not-allowed".*--type/)
    const image = await examine(url, ['--type', 'image/png', '--name', 'a.png'])
    assert.equal(image.code, 0)
    const nobody = await bucketUpload(['conformance', 'http://127.0.0.1:9/', '--json'])
    assert.equal(nobody.code, 1)
    assert.equal(JSON.parse(nobody.stdout).error.code, 'signer-unreachable')
  })

  it('takes no secret as an argument, and no URL that is none', async () => {
    const codeOf = async (...args: string[]) => {
      const { stdout, code } = await bucketUpload(['conformance', '--json', ...args])
      return [code, JSON.parse(stdout).error.code]
    }
    const url = 'http://127.0.0.1:9/'
    assert.deepEqual(await codeOf(url, '--header', 'Authorization: x'), [2, 'secret-in-arguments'])
    assert.deepEqual(await codeOf(url, '--header-from', 'Cookie=NOBODY'), [3, 'bad-setting'])
    assert.deepEqual(await codeOf(url, '--size', '0'), [2, 'bad-option'])
    assert.deepEqual(await codeOf('ftp://a/'), [2, 'bad-argument'])
    assert.deepEqual(await codeOf(), [2, 'missing-argument'])
  })
})
