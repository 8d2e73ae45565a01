/** Each command with temporary keys, which a real gateway has issued and looks at. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bucketUploadProcess, type Ran } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { bucketName } from '../support/servers/gateways.ts'
import { getObject, listMultipartUploads, listObjects } from '../support/servers/s3-admin.ts'
import { assumeRole, createRole } from '../support/servers/sts.ts'

const PAGE = 'https://app.example'
let at: CliBucket
const role = bucketName('role')
let keys: Awaited<ReturnType<typeof assumeRole>>
let folder: string
before(async () => {
  at = await cliBucket()
  await createRole(at.gateway, role, ['s3:*'])
  keys = await assumeRole(at.gateway, role)
  folder = mkdtempSync(join(tmpdir(), 'temporary-'))
})
after(() => at.remove())
after(() => rmSync(folder, { recursive: true, force: true }))

const place = () => ({ ...at.env, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined })

/** Where the keys are: in the environment, as CI has them, or behind a program. */
const ways: Record<string, () => Record<string, string | undefined>> = {
  'in the environment': () => ({
    ...at.env,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: String(keys.expiresAt),
  }),
  'of a credential_process': () => {
    const told = {
      Version: 1,
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
    }
    const program = join(folder, 'program.mjs')
    writeFileSync(
      program,
      `import { appendFileSync } from 'node:fs'
appendFileSync('${join(folder, 'started')}', 'x')
console.log(${JSON.stringify(JSON.stringify(told))})`,
    )
    const config = join(folder, 'config')
    writeFileSync(
      config,
      `[profile work]\ncredential_process = ${process.execPath} ${program}\nregion = default\n`,
    )
    rmSync(join(folder, 'started'), { force: true })
    return { ...place(), AWS_CONFIG_FILE: config, AWS_PROFILE: 'work' }
  },
  'of a role that the gateway gives': () => {
    const config = join(folder, 'config')
    writeFileSync(
      config,
      `[profile base]
aws_access_key_id = ${at.gateway.accessKeyId}
aws_secret_access_key = ${at.gateway.secretAccessKey}
[profile work]
role_arn = arn:aws:iam:::role/${role}
source_profile = base
region = default
`,
    )
    const sts = { AWS_ENDPOINT_URL_STS: at.gateway.endpoint }
    return { ...place(), ...sts, AWS_CONFIG_FILE: config, AWS_PROFILE: 'work' }
  },
}

for (const [way, settings] of Object.entries(ways)) {
  describe(`with keys ${way}`, () => {
    let env: Record<string, string | undefined>
    before(() => {
      env = settings()
    })
    const run = (...args: string[]): Promise<Ran> => bucketUploadProcess(args, { env, cwd: folder })

    test('presign makes URLs that the gateway takes', async () => {
      const made = async (verb: string) => {
        const { code, stdout, stderr } = await run('presign', verb, `s3://${at.bucket}/presigned`)
        assert.equal(code, 0, stderr)
        assert.match(stderr, /^Note: the keys are temporary, and the URL ends with them/)
        assert.match(stdout, /X-Amz-Security-Token=/)
        return stdout.trim()
      }
      const put = await fetch(await made('put'), { method: 'PUT', body: 'content' })
      assert.equal(put.status, 200, await put.text())
      assert.equal(await (await fetch(await made('get'))).text(), 'content')
    })

    test('upload and download work, whole and in parts', async () => {
      const content = randomBytes(17 * 2 ** 20)
      writeFileSync(join(folder, 'small'), 'small')
      writeFileSync(join(folder, 'large'), content)
      const to = `s3://${at.bucket}/up/`
      const up = await run('upload', 'small', 'large', to, '--part-size', '5MiB', '--link')
      assert.equal(up.code, 0, up.stderr)
      assert.match(up.stderr, /^✓ large: .* its MD5 agrees$/m)
      const [link = ''] = up.stdout.split('\n')
      assert.equal(await (await fetch(link)).text(), 'small')
      const down = await run('download', `${to}large`, 'again', '--overwrite')
      assert.equal(down.code, 0, down.stderr)
      assert.deepEqual(readFileSync(join(folder, 'again')), content)
    })

    test('cors and doctor work, and nothing is left', async () => {
      const before = await listObjects(at.gateway, at.bucket)
      const cors = await run('cors', 'apply', '--origin', PAGE, `s3://${at.bucket}`)
      assert.equal(cors.code, 0, cors.stderr)
      const doctor = await run('doctor', `s3://${at.bucket}`, '--origin', PAGE, '--json')
      assert.equal(doctor.code, 0, doctor.stdout)
      assert.doesNotMatch(doctor.stdout, /X-Amz/)
      assert.deepEqual(await listObjects(at.gateway, at.bucket), before)
      assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), [])
    })

    test('serve signs what the gateway takes', async () => {
      let stop: () => void = () => {}
      const url = new Promise<string>((resolve) => {
        const ended = bucketUploadProcess(['serve', `s3://${at.bucket}`, '--port', '0', '--json'], {
          env,
          cwd: folder,
          started: (child) => {
            child.stdout?.once('data', (line) => resolve(JSON.parse(String(line)).url))
            stop = () => child.kill('SIGINT')
          },
        })
        ended.then(({ stderr }) => resolve(stderr))
      })
      try {
        const file = { name: 'a.txt', type: 'text/plain', size: 4 }
        const answer = await fetch(await url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ version: 1, requests: [{ id: '1', op: 'put', file }] }),
        })
        const { responses } = await answer.json()
        const [{ url: to, headers, key }] = responses
        const put = await fetch(to, { method: 'PUT', headers, body: 'four' })
        assert.equal(put.status, 200)
        assert.ok(await getObject(at.gateway, at.bucket, key))
      } finally {
        stop()
      }
    })
  })
}

test('a program is asked once, however many URLs there are', () => {
  // Once for each command above: two of presign, upload, download, cors, doctor, serve.
  assert.equal(readFileSync(join(folder, 'started'), 'utf8').length, 7)
})

test('a token that is none is named', async () => {
  const env = {
    ...at.env,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: `hunter2${keys.sessionToken}`,
  }
  writeFileSync(join(folder, 'small'), 'small')
  const args = ['upload', 'small', `s3://${at.bucket}/`]
  const { code, stderr } = await bucketUploadProcess(args, { env, cwd: folder })
  assert.equal(code, 1)
  assert.match(stderr, /\((?:access-denied|wrong-key|wrong-token)\)/)
  assert.doesNotMatch(stderr, /hunter2/)
})
