import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBucket, SettingsError } from '../../demo/settings.ts'

const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }
const storj = { BUCKET_UPLOAD_PROVIDER: 'storj', BUCKET_UPLOAD_BUCKET: 'photos', ...keys }

test('uses no bucket where no provider is set', () => {
  assert.equal(readBucket({}), undefined)
})

for (const [provider, region, endpoint] of [
  ['storj', undefined, 'https://gateway.storjshare.io'],
  ['qencode', 'eu-central', 'https://eu-central.s3.qencode.com'],
  ['ibm-cos', 'eu-de', 'https://s3.eu-de.cloud-object-storage.appdomain.cloud'],
  ['s3', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com'],
] as const) {
  test(`finds the endpoint of ${provider}`, () => {
    const env = { ...storj, BUCKET_UPLOAD_PROVIDER: provider, BUCKET_UPLOAD_REGION: region }
    assert.equal(readBucket(env)?.endpoint, endpoint)
  })
}

const wrong: [string, Record<string, string | undefined>, RegExp][] = [
  ['an unknown provider', { BUCKET_UPLOAD_PROVIDER: 'x' }, /^BUCKET_UPLOAD_PROVIDER is "x"\./],
  ['no bucket', { BUCKET_UPLOAD_BUCKET: '' }, /^BUCKET_UPLOAD_BUCKET is missing\./],
  ['no access key', { AWS_ACCESS_KEY_ID: undefined }, /^AWS_ACCESS_KEY_ID is missing\./],
  ['no secret key', { AWS_SECRET_ACCESS_KEY: undefined }, /^AWS_SECRET_ACCESS_KEY is missing\./],
  ['a bucket with a space', { BUCKET_UPLOAD_BUCKET: 'my photos' }, /^BUCKET_UPLOAD_BUCKET is "my/],
  [
    'an endpoint with a path',
    { BUCKET_UPLOAD_ENDPOINT: 'x/y' },
    /^BUCKET_UPLOAD_ENDPOINT is "x\/y"/,
  ],
  ['no region', { BUCKET_UPLOAD_PROVIDER: 'qencode' }, /^BUCKET_UPLOAD_REGION is missing\./],
  [
    'a wrong region',
    { BUCKET_UPLOAD_PROVIDER: 'ibm-cos', BUCKET_UPLOAD_REGION: 'moon' },
    /^BUCKET_UPLOAD_REGION for ibm-cos is "moon"/,
  ],
]
for (const [what, env, message] of wrong) {
  test(`names the setting for ${what}`, () => {
    assert.throws(
      () => readBucket({ ...storj, ...env }),
      (error: Error) => error instanceof SettingsError && message.test(error.message),
    )
  })
}
