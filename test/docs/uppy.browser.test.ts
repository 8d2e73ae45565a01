/** Uppy's own AwsS3, with the lines of docs/migrate/uppy-dashboard.md: the real one, a real signer, a real bucket. */
import type { AwsBody, AwsS3Options } from '@uppy/aws-s3'
import type { Body, Meta, Uppy } from '@uppy/core'
import { expect } from 'chai'
import type { SignedResponse } from '../../src/protocol/index.ts'
import { moment, randomFile, sha256 } from '../support/pages/helpers.ts'
import { addresses, bucket } from '../support/pages/library.ts'

type Options = AwsS3Options<Meta, Body>
type Recipe = Pick<typeof import('../support/pages/uppy-recipe.ts'), 'AwsS3' | 'Uppy'> & {
  signedBy(signer: string, options?: { headers?: Record<string, string> }): Options
}

const packed = '/bundled/uppy-recipe.js'
const recipe: Recipe = await import(packed)

const MIB = 2 ** 20

/** An Uppy that asks a signer. Files go in parts where they would not by default, above 100 MiB. */
function uppyFor(
  signer: string,
  { headers = {}, parts = false }: { headers?: Record<string, string>; parts?: boolean } = {},
): Uppy<Meta, Body> {
  return new recipe.Uppy<Meta, Body>().use(recipe.AwsS3<Meta, Body>, {
    ...recipe.signedBy(signer, { headers }),
    shouldUseMultipart: parts,
  } as Options)
}

function add(uppy: Uppy<Meta, Body>, data: File): string {
  return uppy.addFile({ name: data.name, type: data.type, data })
}

/** Where Uppy says that a file is. */
function whereIs(uppy: Uppy<Meta, Body>, id: string): AwsBody {
  return uppy.getFile(id).response?.body as unknown as AwsBody
}

describe("Uppy's AwsS3 with our signer", () => {
  const own = globalThis.fetch
  /** What the signer answered, in order. */
  const answers: SignedResponse[] = []

  beforeEach(() => {
    answers.length = 0
    globalThis.fetch = async (...args) => {
      const response = await own(...args)
      const body = await response.clone().json()
      answers.push(...(body.responses ?? []))
      return response
    }
  })
  afterEach(() => {
    globalThis.fetch = own
  })

  /** Asserts that the bucket has the file, by the link that came in the end. */
  async function assertStored(key: string, file: File) {
    expect((await bucket()).objects.find((object) => object.key === key)?.size).to.equal(file.size)
    const link = answers.at(-1)?.downloadUrl
    expect(await sha256(await own(String(link)))).to.equal(await sha256(file))
  }

  it('sends a file with one request, under the key that the signer chose', async () => {
    const uppy = uppyFor(addresses.signers.ceph)
    const progress: number[] = []
    uppy.on('upload-progress', (_, { bytesUploaded }) => progress.push(bytesUploaded || 0))
    const file = randomFile('Größe (100 %) & <b>.bin', 300_000)
    const id = add(uppy, file)
    const result = await uppy.upload()
    expect(result?.failed).to.deep.equal([])
    const { key, location } = whereIs(uppy, id)
    expect(answers.map((answer) => answer.key)).to.deep.equal([key])
    expect(decodeURIComponent(location)).to.include(key)
    expect(location).not.to.include('?')
    expect(progress.at(-1)).to.equal(file.size)
    await assertStored(key, file)
  })

  it('sends a large file in parts, and the signer puts them together', async () => {
    const uppy = uppyFor(addresses.signers.ceph, { parts: true })
    const parts: number[] = []
    uppy.on('s3-multipart:part-uploaded', (_, { PartNumber }) => parts.push(PartNumber))
    const file = randomFile('Größe & <b>.bin', 12 * MIB)
    const id = add(uppy, file)
    const result = await uppy.upload()
    expect(result?.failed).to.deep.equal([])
    expect(parts).to.deep.equal([1, 2, 3])
    const { key, location } = whereIs(uppy, id)
    expect(answers.map((answer) => answer.key).filter(Boolean)).to.deep.equal([key, key])
    expect(location).not.to.include('?')
    await assertStored(key, file)
    expect((await bucket()).uploads.filter((upload) => upload.key === key)).to.deep.equal([])
  })

  it('goes on with the parts that are missing after a pause', async () => {
    const uppy = uppyFor(addresses.signers.ceph, { parts: true })
    const parts: number[] = []
    let hasPaused = false
    uppy.on('s3-multipart:part-uploaded', (file, { PartNumber }) => {
      parts.push(PartNumber)
      if (PartNumber > 1 || hasPaused) return
      hasPaused = true
      uppy.pauseResume(file.id)
      uppy.pauseResume(file.id)
    })
    const file = randomFile('paused.bin', 12 * MIB)
    const id = add(uppy, file)
    const result = await uppy.upload()
    expect(result?.failed).to.deep.equal([])
    expect(parts).to.deep.equal([1, 2, 3])
    await assertStored(whereIs(uppy, id).key, file)
  })

  it('leaves no parts behind when a file is taken out', async () => {
    const uppy = uppyFor(addresses.signers.ceph, { parts: true })
    const id = add(uppy, randomFile('removed.bin', 12 * MIB))
    const parts: number[] = []
    uppy.on('s3-multipart:part-uploaded', (_, { PartNumber }) => {
      parts.push(PartNumber)
      uppy.removeFile(id)
    })
    await uppy.upload()
    expect(parts).to.deep.equal([1])
    const key = answers.find((answer) => answer.uploadId)?.key
    expect(key).to.be.a('string')
    while ((await bucket()).uploads.some((upload) => upload.key === key)) await moment()
    expect((await bucket()).objects.map((object) => object.key)).not.to.include(key)
  })

  it('sends headers along, and says what the signer says', async () => {
    const right = uppyFor(addresses.locked, { headers: { Authorization: 'in' } })
    add(right, randomFile('right.bin', 1000))
    expect((await right.upload())?.failed).to.deep.equal([])
    const wrong = uppyFor(addresses.strict, { parts: true })
    add(wrong, randomFile('large.bin', 2000))
    const [failed] = (await wrong.upload())?.failed ?? []
    expect(failed?.error).to.equal('The file is too large: at most 1 kB.')
  })

  it('asks for the parts that this signer takes, or says so', async () => {
    // Our preset for IBM takes no part below 20 MiB.
    const uppy = uppyFor(addresses.signers.ceph, { parts: true })
    globalThis.fetch = async (...args) => {
      const response = await own(...args)
      const body = await response.json()
      for (const answer of body.responses) if (answer.partSize) answer.partSize = 20 * MIB
      return Response.json(body)
    }
    add(uppy, randomFile('other.bin', 12 * MIB))
    const [failed] = (await uppy.upload())?.failed ?? []
    expect(failed?.error).to.include(String(20 * MIB))
  })
})
