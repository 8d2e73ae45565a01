import type { SignedResponse } from '../../protocol/index.ts'
import { batchOf } from '../files/batches.ts'
import { describeFile } from '../files/describe-file.ts'
import { etagOf } from '../hash/md5-etag.ts'
import { wholeFile } from '../transport/unit.ts'
import { type FileMemory, type FileUpload, isOneOf, type Stored } from './file-job.ts'

/** Stores a small file with one PUT. */
export async function uploadWhole(upload: FileUpload): Promise<Stored> {
  const { file, memory, watch, signal, signer, sender } = upload
  const { name, meta } = file
  const batch = batchOf(file.file)
  const { signed, digests } = await sender.send(wholeFile(file.id, file.file), {
    ...watch.unit(0),
    file,
    signal,
    sign: async (digests, form) => {
      const put = {
        op: 'put' as const,
        file: describeFile(file),
        meta,
        ...batch,
        ...digests,
        ...(form ? { form } : {}),
      }
      const signed = await again(memory, (grant) => signer.ask({ ...put, ...grant }, name))
      if (signed.grant && signed.grant !== memory.grant) {
        memory.grant = signed.grant
        await upload.rememberGrant(signed.grant)
      }
      return { ...(memory.grant ? { grant: memory.grant } : {}), ...signed }
    },
  })
  upload.forget()
  return { signed, etag: signed.etag || etagOf(digests) || null, url: objectUrl(signed) }
}

/** A form goes to the address of the bucket, and names the object by a field. */
function objectUrl({ url, fields, key = '' }: SignedResponse): string | undefined {
  return fields ? new URL(key.split('/').map(encodeURIComponent).join('/'), url).href : url
}

/** Asks for the same key as before; if that is not to be had any more, for a new one. */
async function again<T>(memory: FileMemory, ask: (grant: { grant?: string }) => Promise<T>) {
  const { grant } = memory
  if (grant === undefined) return ask({})
  try {
    return await ask({ grant })
  } catch (error) {
    if (!isOneOf(error, ['invalid-grant'])) throw error
    delete memory.grant
    return ask({})
  }
}
