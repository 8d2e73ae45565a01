import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adviseCors, adviseSignature } from '../../../src/engine/transport/bucket-advice.ts'

const PAGE = 'https://app.example'
const KEY = 'u/7/käse & brot.txt'
const PATH = 'u/7/k%C3%A4se%20%26%20brot.txt'
const QUERY =
  '?X-Amz-Credential=KEYID%2F20261124%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=5ec&X-Amz-SignedHeaders=content-md5%3Bhost'
const RULE = {
  AllowedOrigins: [PAGE],
  AllowedMethods: ['GET', 'PUT', 'POST'],
  AllowedHeaders: ['*'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 3000,
}
const JSON_RULE = `'${JSON.stringify({ CORSRules: [RULE] })}'`

describe('the CORS rule of a bucket', () => {
  const cases: [what: string, url: string, command: string][] = [
    [
      'Amazon, the bucket in the host',
      `https://photos.s3.eu-west-1.amazonaws.com/${PATH}`,
      `aws s3api put-bucket-cors --bucket photos --cors-configuration ${JSON_RULE}`,
    ],
    [
      'Amazon, by its accelerated host',
      `https://photos.s3-accelerate.dualstack.amazonaws.com/${PATH}`,
      `aws s3api put-bucket-cors --bucket photos --cors-configuration ${JSON_RULE}`,
    ],
    [
      'IBM, the bucket in the path',
      `https://s3.eu-de.cloud-object-storage.appdomain.cloud/photos/${PATH}`,
      `ibmcloud cos bucket-cors-put --bucket photos --region eu-de --cors-configuration ${JSON_RULE}`,
    ],
    [
      'IBM, the bucket in the host',
      `https://photos.s3.ams03.cloud-object-storage.appdomain.cloud/${PATH}`,
      `ibmcloud cos bucket-cors-put --bucket photos --region ams03 --cors-configuration ${JSON_RULE}`,
    ],
    [
      'any other server, the bucket in the path',
      `http://localhost:9000/photos/${PATH}`,
      `aws s3api put-bucket-cors --bucket photos --endpoint-url http://localhost:9000 --cors-configuration ${JSON_RULE}`,
    ],
    [
      'any other server, the bucket in the host',
      `https://photos.minio.example/${PATH}`,
      `aws s3api put-bucket-cors --bucket photos --endpoint-url https://minio.example --cors-configuration ${JSON_RULE}`,
    ],
    [
      'a form',
      'https://minio.example/photos/',
      `aws s3api put-bucket-cors --bucket photos --endpoint-url https://minio.example --cors-configuration ${JSON_RULE}`,
    ],
  ]
  for (const [what, url, command] of cases) {
    test(what, () => {
      const { advice, corsRule } = adviseCors(url + QUERY, KEY, PAGE)
      assert.equal(advice.split('\n')[0], command)
      assert.deepEqual(corsRule, RULE)
      assert.doesNotMatch(advice, /X-Amz|5ec|KEYID/)
    })
  }

  test('Qencode has one for its CDN', () => {
    const url = `https://us-west.s3.qencode.com/photos/${PATH}${QUERY}`
    const { advice } = adviseCors(url, KEY, PAGE)
    assert.match(advice, /"https:\/\/api-cdn\.qencode\.com\/v1\/buckets\/photos\/cors"/)
    assert.match(advice, /--data '\{"Access-Control-Allow-Origin":"https:\/\/app\.example"\}'/)
  })

  test('Storj needs none', () => {
    const url = `https://gateway.storjshare.io/photos/${PATH}${QUERY}`
    const { advice, corsRule } = adviseCors(url, KEY, PAGE)
    assert.match(advice, /no rule to set\. Does the bucket photos exist/)
    assert.equal(corsRule, undefined)
  })

  test('a page that was opened from a file can have none', () => {
    const { advice, corsRule } = adviseCors(`http://localhost:9000/photos/${PATH}`, KEY, 'null')
    assert.match(advice, /opened from a file/)
    assert.equal(corsRule, undefined)
  })

  for (const [what, path, key] of [
    ['the key is not known', `photos/${PATH}`, undefined],
    ['it would not be safe to paste', "x';reboot;'/a.txt", 'a.txt'],
    ['the address is not well formed', 'photos/100%/a', undefined],
  ] as const) {
    test(`the bucket is left open where ${what}`, () => {
      const { advice } = adviseCors(`http://localhost:9000/${path}`, key, PAGE)
      assert.match(advice, /^aws s3api put-bucket-cors --bucket BUCKET /)
    })
  }
})

describe('a signature that does not match', () => {
  test('says what was signed', () => {
    assert.equal(
      adviseSignature(`http://localhost:9000/photos/a${QUERY}`),
      'It was signed for the region eu-west-1, with the headers content-md5, host.',
    )
  })

  test('says that it was signed for another region', () => {
    assert.match(
      adviseSignature(`https://photos.s3.us-east-2.amazonaws.com/a${QUERY}`),
      /The host is in us-east-2: sign for that\.$/,
    )
  })

  for (const [host, region] of [
    ['s3-us-west-2', 'us-west-2'],
    ['s3.dualstack.ap-south-1', 'ap-south-1'],
    ['s3-fips.us-gov-west-1', 'us-gov-west-1'],
    ['s3-fips.dualstack.us-east-1', 'us-east-1'],
  ]) {
    test(`knows the region of ${host}`, () => {
      const said = adviseSignature(`https://photos.${host}.amazonaws.com/a${QUERY}`)
      assert.ok(said.endsWith(`The host is in ${region}: sign for that.`), said)
    })
  }

  for (const host of ['s3-accelerate', 's3-accelerate.dualstack', 's3']) {
    test(`reads no region out of ${host}`, () => {
      const said = adviseSignature(`https://photos.${host}.amazonaws.com/a${QUERY}`)
      assert.doesNotMatch(said, /The host is in/)
    })
  }

  test('says nothing of a URL that is signed in another way', () => {
    assert.equal(adviseSignature('https://photos.example/a?token=secret'), '')
  })
})
