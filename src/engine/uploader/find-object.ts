import { base64ToHex } from '../../util/hex.ts'
import type { MultipartUpload } from '../signer/multipart.ts'
import type { StoredObject } from './file-job.ts'
import type { PartsJob } from './tools.ts'

/**
 * The object of an upload that the browser has completed itself, and whose answer was lost. Only an ETag
 * that is made of those of the parts proves that it is there.
 */
export async function findObject(
  { hasher, links, file, signer, tools }: PartsJob,
  upload: MultipartUpload,
): Promise<StoredObject | undefined> {
  const { completing, key, parts } = upload
  if (!completing) return undefined
  const { downloadUrl } = await links.first(completing, file, signer)
  const etags = [...parts].sort(([one], [other]) => one - other).map(([, { etag }]) => etag)
  if (!downloadUrl || !etags.every((etag) => /^[0-9a-f]{32}$/.test(etag))) return undefined
  // S3 hashes the MD5s of the parts, and adds their number.
  const { md5 } = await hasher.digest(new Blob([toBytes(etags.join(''))]), ['md5'])
  if (!md5) return undefined
  const etag = `${base64ToHex(md5)}-${etags.length}`
  const isThere = (await tools.objectEtag(downloadUrl)) === etag
  return isThere ? { signed: { key, ...completing }, etag, url: undefined } : undefined
}

function toBytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
