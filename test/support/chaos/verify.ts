import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Gateway } from '../servers/ceph.ts'
import {
  getObject,
  type ListedUpload,
  listMultipartUploads,
  listObjects,
} from '../servers/s3-admin.ts'
import type { ChaosFile } from './files.ts'
import type { PageState } from './page.ts'

/** How long a leftover may take to go, in ms: what aborts it may still be on its way. */
const GRACE = 5_000

/** What is wrong with a bucket that should hold each file exactly once, one sentence each. */
export async function findProblems(
  gateway: Gateway,
  bucket: string,
  files: ChaosFile[],
  { uploaded, failed, active }: PageState,
): Promise<string[]> {
  const problems: string[] = []
  for (const file of files) {
    const { name } = file
    const [key, ...more] = uploaded[name] ?? []
    if (key === undefined) {
      problems.push(`${name} (${file.size} B) was not uploaded: ${failed[name] ?? active[name]}`)
      continue
    }
    if (more.length > 0) problems.push(`${name} was told as uploaded ${more.length + 1} times`)
    const wrong = await compare(gateway, bucket, key, file)
    if (wrong !== undefined) problems.push(wrong)
  }
  problems.push(...(await findSurplus(gateway, bucket, uploaded)))
  for (const { key, uploadId } of await leftovers(gateway, bucket)) {
    problems.push(`the multipart upload ${uploadId} of ${key} was left behind`)
  }
  return problems
}

async function compare(
  gateway: Gateway,
  bucket: string,
  key: string,
  { name, size, sha256 }: ChaosFile,
): Promise<string | undefined> {
  const object = await getObject(gateway, bucket, key)
  if (object === undefined) return `${name} is not in the bucket, as ${key}`
  const { body } = object
  if (body.length !== size) return `${name} has ${body.length} bytes instead of ${size}`
  if (createHash('sha256').update(body).digest('hex') !== sha256) return `${name} was changed`
  return undefined
}

/** Objects that no file was told to be. */
async function findSurplus(
  gateway: Gateway,
  bucket: string,
  uploaded: PageState['uploaded'],
): Promise<string[]> {
  const told = new Set(Object.values(uploaded).flat())
  const surplus = (await listObjects(gateway, bucket)).filter(({ key }) => !told.has(key))
  return surplus.map(({ key, size }) => `${key} (${size} B) is there without having been told`)
}

async function leftovers(gateway: Gateway, bucket: string): Promise<ListedUpload[]> {
  const end = performance.now() + GRACE
  for (;;) {
    const uploads = await listMultipartUploads(gateway, bucket)
    if (uploads.length === 0 || performance.now() > end) return uploads
    await wait(250)
  }
}
