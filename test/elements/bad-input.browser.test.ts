import { expect } from 'chai'
import type { UploadErrorCode } from '../../src/engine/index.ts'
import type { BucketUpload } from '../../src/index.ts'
import {
  cleanUp,
  collect,
  control,
  drawn,
  find,
  findAll,
  mount,
  next,
  randomFile,
  upload,
} from '../support/pages/helpers.ts'
import { addresses, UploadEngine, UploadError } from '../support/pages/library.ts'

const good = addresses.signers.ceph
const faulty = (fault: string) => `${addresses.faulty}/${fault}`

interface Case {
  what: string
  code: UploadErrorCode
  properties: Partial<BucketUpload>
  /** What the developer is told. */
  hint?: RegExp
}

const cases: Case[] = [
  {
    what: 'a signer that is down',
    code: 'signer-unreachable',
    properties: { signer: addresses.nobody },
  },
  {
    what: 'a signer that is slow',
    code: 'signer-timeout',
    properties: { signer: faulty('slow'), signerTimeout: 300 },
  },
  {
    what: 'a signer that answers with a page',
    code: 'signer-answer-invalid',
    properties: { signer: faulty('html') },
  },
  {
    what: 'a signer that says 401',
    code: 'unauthorized',
    properties: { signer: faulty('unauthorized') },
  },
  {
    what: 'a signer that says 403',
    code: 'forbidden',
    properties: { signer: faulty('forbidden') },
  },
  {
    what: 'a signer that says 429',
    code: 'rate-limited',
    properties: { signer: faulty('rate-limited') },
  },
  {
    what: 'a signer that says 500',
    code: 'signer-failed',
    properties: { signer: faulty('status-500') },
  },
  {
    what: 'a signer with the wrong JSON',
    code: 'signer-answer-invalid',
    properties: { signer: faulty('wrong-json') },
  },
  {
    what: 'a signer of another version',
    code: 'signer-answer-invalid',
    properties: { signer: faulty('wrong-version') },
  },
  {
    what: 'a signer that answers somebody else',
    code: 'signer-answer-invalid',
    properties: { signer: faulty('wrong-id') },
  },
  {
    what: 'a signer with a relative URL',
    code: 'signer-answer-invalid',
    properties: { signer: faulty('relative-url') },
  },
  {
    what: 'a signer with a script for a link',
    code: 'signer-answer-invalid',
    properties: { signer: faulty('script-link') },
  },
  {
    what: 'a signer that refuses in its own words',
    code: 'signer-refused',
    properties: { signer: faulty('refuses') },
  },
  { what: 'no signer at all', code: 'signer-missing', properties: {} },
  {
    what: 'a signer function that throws',
    code: 'signer-failed',
    properties: {
      signer: () => {
        throw new Error('no')
      },
    },
  },
  {
    what: 'a signer function that never answers',
    code: 'signer-timeout',
    properties: { signer: () => new Promise(() => {}), signerTimeout: 300 },
  },
  {
    what: 'a URL that has expired',
    code: 'url-expired',
    properties: { signer: faulty('expired') },
  },
  // Ceph refuses these without CORS headers, so a browser cannot see why; the embedded server tells.
  ...['other-size', 'other-type', 'wrong-secret'].flatMap((fault): Case[] => [
    { what: `${fault} on Ceph`, code: 'bucket-refused', properties: { signer: faulty(fault) } },
    {
      what: `${fault} on the embedded server`,
      code: 'signature-mismatch',
      properties: { signer: `${addresses.faultyEmbedded}/${fault}` },
      hint: /signed for the region us-east-1, with the headers /,
    },
  ]),
  {
    what: 'a bucket without a CORS rule',
    code: 'cors-blocked',
    properties: { signer: addresses.noCors },
    hint: new RegExp(`aws s3api put-bucket-cors .+"AllowedOrigins":."${location.origin}"`),
  },
  {
    what: 'a bucket that cannot be reached',
    code: 'bucket-unreachable',
    properties: { signer: faulty('unreachable-bucket') },
  },
  {
    what: 'a file too large for the signer',
    code: 'too-large',
    properties: { signer: addresses.strict },
  },
]

/** What people at this page cannot mend. */
const ONLY_FOR_THE_SITE = [
  ...['bucket-refused', 'cors-blocked', 'forbidden', 'signature-mismatch'],
  ...['signer-answer-invalid', 'signer-missing', 'too-large'],
]

describe('a file that cannot be uploaded', () => {
  afterEach(cleanUp)

  for (const { what, code, properties, hint = /^/ } of cases) {
    it(`fails with ${code} for ${what}, and can be retried`, async () => {
      const element = mount(properties)
      const failures = collect(element, 'file-failed')
      const { failed } = await upload(element, randomFile('photo.png', 2000, 'image/png'))

      expect(failures.map((it) => it.code)).to.deep.equal([code])
      const [failure] = failures
      expect(failure?.error).to.be.instanceOf(UploadError)
      expect(failure?.error.message).to.match(/^photo\.png: .{15,}\.$/)
      expect(
        JSON.stringify([failure?.error.message, failure?.error]),
        'no signed URL',
      ).not.to.match(/X-Amz-|Signature=/)
      expect(failure?.error.hint).to.match(hint)
      await drawn(element)
      expect(find(element, '.failed .detail').textContent).to.equal(failure?.error.reason)

      element.signer = good
      await element.updateComplete
      const complete = next(element, 'upload-complete')
      // Only where another attempt may help, people have a button for it.
      if (ONLY_FOR_THE_SITE.includes(code)) {
        expect(findAll(element, '.cure')).to.have.length(0)
        element.retry(failed[0]?.id)
      } else control(element, 'Try again: photo.png').click()
      expect((await complete).uploaded.map((it) => it.id)).to.deep.equal([failed[0]?.id])
    })
  }

  it('fails with type-not-allowed for a type that only the signer refuses', async () => {
    const { failed } = await upload(
      mount({ signer: addresses.strict }),
      randomFile('a.zip', 10, 'application/zip'),
    )
    expect(failed[0]?.error.code).to.equal('type-not-allowed')
  })

  it('fails with bucket-not-found or cors-blocked for a bucket that does not exist', async () => {
    // Without a bucket there is no CORS rule either, so a browser may not even see the 404.
    const { failed } = await upload(mount({ signer: addresses.noBucket }), randomFile('a.png', 10))
    expect(failed[0]?.error.code).to.be.oneOf(['bucket-not-found', 'cors-blocked'])
  })

  it('fails with signer-unreachable for a signer that does not allow this page', async () => {
    const { failed } = await upload(mount({ signer: addresses.noOrigins }), randomFile('a.png', 10))
    expect(failed[0]?.error.code).to.equal('signer-unreachable')
    expect(failed[0]?.error.hint).to.include('origins')
  })

  it('leaves the other files going', async () => {
    const element = mount({ signer: addresses.strict, multiple: true })
    const { uploaded, failed } = await upload(
      element,
      randomFile('small.png', 500, 'image/png'),
      randomFile('large.png', 5000, 'image/png'),
      randomFile('other.png', 500, 'image/png'),
    )
    expect(uploaded.map((it) => it.name)).to.deep.equal(['small.png', 'other.png'])
    expect(failed.map((it) => it.name)).to.deep.equal(['large.png'])
  })

  it('asks a signer that answers one at a time for one at a time', async () => {
    await fetch(faulty('calls'))
    // Without hashing and remembering, all four ask in the same moment.
    const signer = faulty('one-at-a-time')
    const engine = new UploadEngine({ signer, integrity: 'off', resume: false })
    const complete = next(engine, 'upload-complete')
    engine.add(Array.from({ length: 4 }, (_, n) => randomFile(`${n}.png`, 100, 'image/png')))
    expect((await complete).uploaded).to.have.length(4)
    expect(await (await fetch(faulty('calls'))).json()).to.deep.equal([4, 1, 1, 1])
  })
})
