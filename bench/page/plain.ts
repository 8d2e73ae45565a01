/** What a developer writes by hand in an hour. */
import type { SignedResponse } from '../../src/protocol/index.ts'
import { CONNECTIONS, inPool } from './pool.ts'
import type { Contestant, Setup } from './setup.ts'
import { send } from './xhr.ts'

/** Six files at a time: sign one, PUT it. */
export const plainPut: Contestant = async (files, setup) => {
  await inPool(files, async (file) => {
    const { url = '', headers } = await sign(file, setup)
    await send('PUT', url, file, headers)
  })
}

/** S3's multipart upload, with six parts at a time. */
export const plainParts: Contestant = async (files, setup) => {
  for (const file of files) await inParts(file, setup)
}

/** The line and nothing else: six objects are signed before, and no file is made of them. */
export const sixPuts: Contestant = async ([file], setup) => {
  if (file === undefined) return
  const size = Math.ceil(file.size / CONNECTIONS)
  await inPool(cut(file, size), async ({ blob, partNumber }) => {
    const url = await presign(setup, { method: 'PUT', key: `${newKey()}.${partNumber}` })
    await send('PUT', url, blob)
  })
}

async function sign(file: File, { signer }: Setup): Promise<SignedResponse> {
  const { name, size, type } = file
  const request = { id: '1', op: 'put', file: { name, size, type } }
  const response = await fetch(signer, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 1, requests: [request] }),
  })
  return (await response.json()).responses[0]
}

async function inParts(file: File, setup: Setup): Promise<void> {
  const key = newKey()
  const created = await send('POST', await presign(setup, { method: 'POST', key }), null)
  const uploadId = /<UploadId>([^<]+)</.exec(created.responseText)?.[1] ?? ''
  const parts = await inPool(cut(file, setup.partSize), async ({ blob, partNumber }) => {
    const url = await presign(setup, { method: 'PUT', key, uploadId, partNumber })
    const etag = (await send('PUT', url, blob)).getResponseHeader('ETag')
    return `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`
  })
  const list = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const url = await presign(setup, { method: 'POST', key, uploadId })
  const completed = await send('POST', url, list)
  if (completed.responseText.includes('<Error>')) throw new Error('The parts were refused')
}

async function presign({ presign: url }: Setup, request: object): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(request) })
  return (await response.json()).url
}

function cut(file: File, size: number): { blob: Blob; partNumber: number }[] {
  const count = Math.ceil(file.size / size)
  return Array.from({ length: count }, (_, index) => ({
    blob: file.slice(index * size, (index + 1) * size),
    partNumber: index + 1,
  }))
}

function newKey(): string {
  return `plain/${crypto.randomUUID()}`
}
