import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Caller,
  createSigner,
  ibmCos,
  linkshare,
  publicUrl,
  qencode,
  type SignerConfig,
  s3,
  storj,
} from '../../src/server/index.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'
import { BUCKET, ONE_PUT, startSigner } from '../support/signer/signer-server.ts'

const config = { bucket: BUCKET, authorize: 'everybody' } as const
const options = { bucket: 'photos', ...CREDENTIALS }

/** A slip in JavaScript, where no compiler helps, must be an error and not an open door. */
describe('createSigner', () => {
  it('names an option that it does not have, and the one that was meant', () => {
    const slips: [object, RegExp][] = [
      [{ maxsize: '1kB' }, /^createSigner has no "maxsize"\. Did you mean "maxSize"\?$/],
      [{ authorise: () => null }, /"authorise"\. Did you mean "authorize"\?/],
      [{ acept: 'image/*' }, /"acept"\. Did you mean "accept"\?/],
      [{ onupload: () => {} }, /"onupload"\. Did you mean "onUploaded"\?/],
      [{ cors: '*' }, /has no "cors"\./],
      [{ maxSize: '1kB', zzz: undefined }, /has no "zzz"\.$/],
    ]
    for (const [slip, message] of slips) {
      assert.throws(() => createSigner({ ...config, ...slip } as SignerConfig), { message })
    }
  })

  it('needs "authorize" written out', () => {
    const given = [{}, { authorize: undefined }, { authorize: null }, { authorize: 'anybody' }]
    for (const each of [...given, { authorize: true }, { authorize: {} }]) {
      const slip = { bucket: BUCKET, ...each } as unknown as SignerConfig
      assert.throws(() => createSigner(slip), /"authorize" is missing.*"everybody"/)
    }
  })

  it('takes only what a preset has made as its bucket', () => {
    const slips: [object, RegExp][] = [
      [{ ...BUCKET, secretAccessKey: 'new' }, /"bucket" has no "secretAccessKey"/],
      [{ ...BUCKET, endPoint: 'https://x' }, /Did you mean "endpoint"\?/],
      [options, /"bucket" has no "accessKeyId"/],
    ]
    for (const [bucket, message] of slips) {
      assert.throws(() => createSigner({ ...config, bucket } as SignerConfig), { message })
    }
  })
})

describe('a preset', () => {
  it('names an option that it does not have, and the one that was meant', () => {
    const slips: [() => unknown, RegExp][] = [
      [() => s3({ ...options, end_point: 'x' } as never), /^s3 has no "end_point"/],
      [() => s3({ ...options, pathStyle: true } as never), /^s3 has no "pathStyle"/],
      [() => storj({ ...options, regoin: 'x' } as never), /^storj .*Did you mean "region"\?/],
      [() => storj({ ...options, partRules: {} } as never), /^storj has no "partRules"/],
      [() => qencode({ ...options, region: 'us-west', x: 1 } as never), /^qencode has no "x"/],
      [
        () => ibmCos({ ...options, region: 'us-south', apiKey: 'k' } as never),
        /^ibmCos has no "apiKey"/,
      ],
      [() => linkshare({ accesKeyId: 'x' } as never), /Did you mean "accessKeyId"\?/],
      [() => publicUrl({ url: 'https://x' } as never), /publicUrl has no "url"/],
    ]
    for (const [make, message] of slips) assert.throws(make, { message })
  })

  it('needs keys, and one kind of them', () => {
    const credentials = () => CREDENTIALS
    const slips: [object, RegExp][] = [
      [{}, /"accessKeyId" is missing/],
      [{ accessKeyId: 'a' }, /"secretAccessKey" is missing/],
      [{ ...CREDENTIALS, sessionToken: '' }, /"sessionToken" is missing/],
      [{ ...CREDENTIALS, sessionToken: 'a\n' }, /"sessionToken" begins or ends with white space/],
      [{ ...CREDENTIALS, credentials }, /"credentials" and "accessKeyId" exclude each other/],
      [{ credentials: CREDENTIALS }, /"credentials" must be a function/],
      [{ ...CREDENTIALS, uploadKeys: {} }, /"accessKeyId" is missing/],
      [
        { ...CREDENTIALS, uploadKeys: { ...CREDENTIALS, token: 'x' } },
        /"uploadKeys" has no "token"/,
      ],
      [{ ...CREDENTIALS, guardHeaders: { 'X-Evil': 'x' } }, /"guardHeaders" has "X-Evil"/],
      [{ ...CREDENTIALS, guardHeaders: { 'x-amz-acl': '' } }, /"guardHeaders" has "x-amz-acl"/],
    ]
    for (const [keys, message] of slips) {
      assert.throws(() => s3({ bucket: 'photos', ...keys } as never), { message })
    }
  })
})

describe('what authorize returns', () => {
  const ask = async (test: Parameters<typeof startSigner>[0], caller: unknown) => {
    const errors: unknown[] = []
    const authorize = () => caller as Caller
    const signer = await startSigner(test, { authorize, onError: (it) => errors.push(it) })
    const { status } = await signer.send(ONE_PUT)
    return { status, error: String(errors[0] ?? '') }
  }

  it('is a fault unless it is a caller', async (test) => {
    const slips: [unknown, RegExp][] = [
      [true, /must return an object, or nothing to refuse/],
      ['alice', /must return an object/],
      [42, /must return an object/],
      [[], /must return an object/],
      [() => ({}), /must return an object/],
      [{ userId: '4' }, /What authorize returned has no "userId"/],
      [{ User: '4' }, /Did you mean "user"\?/],
      [{ maxsize: 1 }, /Did you mean "maxSize"\?/],
      [{ user: { id: 4 } }, /"user" of authorize must be a text or a number/],
      [{ user: ['a'] }, /"user" of authorize/],
      [{ user: '' }, /"user" of authorize/],
      [{ user: Number.NaN }, /"user" of authorize/],
      [{ user: true }, /"user" of authorize/],
      [{ prefix: 42 }, /"prefix" of authorize must be a text/],
    ]
    for (const [caller, message] of slips) {
      const { status, error } = await ask(test, caller)
      assert.equal(status, 500, JSON.stringify(caller))
      assert.match(error, message)
    }
  })

  it('refuses by nothing, and lets in by an object', async (test) => {
    for (const none of [null, undefined, false, 0, '']) {
      assert.equal((await ask(test, none)).status, 401)
    }
    for (const caller of [{}, { user: '4' }, { user: 4 }, { user: undefined, prefix: undefined }]) {
      assert.deepEqual(await ask(test, caller), { status: 200, error: '' })
    }
  })
})
