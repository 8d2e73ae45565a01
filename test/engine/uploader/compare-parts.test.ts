/** Parts that are sent while they are hashed are compared before they become an object. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/api/options.ts'
import { etagOf } from '../../../src/engine/hash/md5-etag.ts'
import type { ResumeSession } from '../../../src/engine/resume/resume-session.ts'
import { SignerClient } from '../../../src/engine/signer/signer-client.ts'
import type { Transport } from '../../../src/engine/transport/transport.ts'
import { FileProgress } from '../../../src/engine/uploader/file-progress.ts'
import { uploadInParts } from '../../../src/engine/uploader/put-parts.ts'
import { Sender } from '../../../src/engine/uploader/sender/sender.ts'
import { type PartsJob, TOOLS } from '../../../src/engine/uploader/tools.ts'
import type { Digests, SignedResponse, SignerRequest } from '../../../src/protocol/index.ts'

type Answers = { [Op in SignerRequest['op']]?: (request: SignerRequest) => object }

const md5Of = async (body: Blob) => ({ md5: btoa((await body.text()).padEnd(16).slice(0, 16)) })

/**
 * Uploads files of four parts of which two move at a time, one after the other. `store` says which ETag the
 * bucket has for a part, and `list` whether it can list them.
 */
function start(
  test: TestContext,
  {
    store = (md5) => md5,
    answers = {},
    list = true,
  }: {
    store?: (md5: string, partNumber: number, hasMd5: boolean) => string
    answers?: Answers
    list?: boolean
  } = {},
) {
  const asked: SignerRequest[] = []
  const etags = new Map<number, string>()
  const usual: Record<string, object> = {
    create: { grant: 'g', key: 'k', partSize: 10 },
    part: { url: 'https://b.example/k' },
    parts: { url: 'https://b.example/k?uploadId=1' },
    complete: { key: 'k' },
  }
  const signer: SignerFunction = (requests) =>
    requests.map((request) => {
      asked.push(request)
      const answer = answers[request.op]?.(request) ?? {}
      const isRefused = 'error' in answer
      return {
        id: request.id,
        ...(isRefused ? {} : usual[request.op]),
        ...answer,
      } as SignedResponse
    })
  test.mock.method(globalThis, 'fetch', async () => {
    if (!list) return new Response('', { status: 501 })
    const parts = [...etags].map(
      ([number, etag]) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag><Size>10</Size></Part>`,
    )
    return new Response(`<ListPartsResult>${parts.join('')}</ListPartsResult>`)
  })
  const sent: string[] = []
  const transport: Transport = {
    async put({ body, partNumber = 0 }, { presign }) {
      await presign()
      const request = asked.findLast((it) => it.op === 'part' && it.partNumber === partNumber)
      const hasMd5 = request !== undefined && 'md5' in request
      sent.push(`${partNumber}${hasMd5 ? ' with MD5' : ''}`)
      etags.set(partNumber, store(etagOf(await md5Of(body)), partNumber, hasMd5))
    },
  }
  const client = new SignerClient(() => ({ signer }))
  const sender = new Sender({
    ...{
      transport,
      settings: { limit: 2, stallTimeout: 1000, retryFor: 0 },
      signIn: async () => false,
    },
    // Slower than the start of a part.
    hash: async (body): Promise<Digests> => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return md5Of(body)
    },
  })
  const upload = (session?: Partial<ResumeSession>) => {
    const file = new File(['aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd'], 'film.mp4')
    const info = { id: 'f', name: file.name, size: 40, type: '', path: '', meta: {}, file }
    const job = {
      ...{ file: info, checkpoint: {}, options: {}, signer: client, sender },
      signal: new AbortController().signal,
      tools: TOOLS,
      hasher: { digest: md5Of },
      progress: new FileProgress(40, () => {}),
      isWanted: () => true,
      session,
    } as unknown as PartsJob
    return uploadInParts(job)
  }
  const count = (op: string) => asked.filter((it) => it.op === op).length
  const named = () =>
    asked.flatMap((it) => (it.op === 'complete' ? [(it.parts ?? []).map(({ etag }) => etag)] : []))
  return { upload, sent, count, named, etags, take: () => sent.splice(0).sort() }
}

test('what finds the upload again is stored before it is created', async (context) => {
  const { upload, count } = start(context)
  let store = () => {}
  const ignore = async () => {}
  const saveNonce = () =>
    new Promise<boolean>((resolve) => {
      store = () => resolve(true)
    })
  const uploading = upload({ save: ignore, addPart: ignore, forget: ignore, saveNonce })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(count('create'), 0)
  store()
  await uploading
  assert.equal(count('create'), 1)
})

const refusal = (code: string) => ({ error: { code, message: '' } })

test('the first parts leave before they are hashed, and are compared with the list of the bucket', async (context) => {
  const { upload, take, count, named, etags } = start(context)
  await upload()
  assert.deepEqual(take(), ['1', '2', '3 with MD5', '4 with MD5'])
  assert.deepEqual([count('parts'), count('complete')], [1, 1])
  // As the bucket has listed them, so that a signer that answers with a URL is asked once.
  assert.deepEqual(named(), [[1, 2, 3, 4].map((number) => etags.get(number))])
})

test('a part that was damaged on its way is sent again before anything is put together', async (context) => {
  let damaged = 1
  const { upload, take, count } = start(context, {
    store: (md5, partNumber, hasMd5) =>
      partNumber === 2 && !hasMd5 && damaged-- > 0 ? 'damaged' : md5,
  })
  await upload()
  assert.deepEqual(take().filter((it) => it.startsWith('2')).length, 2)
  assert.equal(count('complete'), 1)
})

test('a signer that compares the parts gets their MD5s, and the browser lists nothing', async (context) => {
  const { upload, count, named, etags } = start(context, {
    answers: { create: () => ({ comparesParts: true }) },
  })
  await upload()
  assert.deepEqual([count('parts'), count('complete')], [0, 1])
  assert.deepEqual(named(), [[1, 2, 3, 4].map((number) => etags.get(number))])
})

test('where no ETag is an MD5, what was not compared is sent again, and it is learned', async (context) => {
  const { upload, take, count } = start(context, {
    store: (md5, partNumber) => `${md5.slice(0, 30)}0${partNumber}`,
  })
  await upload()
  assert.deepEqual(take(), ['1', '1 with MD5', '2', '2 with MD5', '3 with MD5', '4 with MD5'])
  assert.equal(count('complete'), 1)
  await upload()
  assert.deepEqual(take(), ['1 with MD5', '2 with MD5', '3 with MD5', '4 with MD5'])
})

for (const [where, parts, list] of [
  ['the bucket cannot list parts', {}, false],
  ['the signer does not know how to list parts', refusal('unsupported-op'), true],
] as const) {
  test(`where ${where}, the bucket compares the parts that are named`, async (context) => {
    let isDamaged = true
    const { upload, take, count, named } = start(context, {
      answers: {
        parts: () => parts,
        complete: () => {
          const answer = isDamaged ? refusal('parts-differ') : {}
          isDamaged = false
          return answer
        },
      },
      list,
    })
    await upload()
    assert.deepEqual(
      named().map(({ length }) => length),
      [4, 0],
    )
    assert.equal(count('complete'), 2)
    // What the bucket has checked already is not sent again.
    assert.deepEqual(take(), ['1', '1 with MD5', '2', '2 with MD5', '3 with MD5', '4 with MD5'])
  })
}

test('parts that are signed with create are not asked for', async (context) => {
  const signed = [1, 2].map((partNumber) => ({ partNumber, url: 'https://b.example/k' }))
  const { upload, take, count } = start(context, {
    answers: { create: () => ({ parts: signed, comparesParts: true }) },
  })
  await upload()
  assert.deepEqual(take(), ['1', '2', '3 with MD5', '4 with MD5'])
  assert.equal(count('part'), 2)
})
