import type { SignedResponse } from '../../protocol/index.ts'
import { batchOf } from '../files/batches.ts'
import { describeFile } from '../files/describe-file.ts'
import { etagOf } from '../hash/md5-etag.ts'
import type { GrantNote } from '../resume/grant-notes.ts'
import type { ResumeSession } from '../resume/resume-session.ts'
import { FORM_FILE_NAME } from '../transport/form-post.ts'
import { wholeFile } from '../transport/unit.ts'
import { isOneOf, type RunningJob, type StoredObject, type UploadCheckpoint } from './file-job.ts'

/** What notes the grant: either kind of session does. */
type WholeSession = Pick<ResumeSession, 'saveGrant'> | GrantNote

/** Uploads a small file with one request. */
export async function uploadWhole(job: RunningJob<WholeSession>): Promise<StoredObject> {
  const { file, checkpoint, progress, signal, signer, sender, session } = job
  const { name, meta } = file
  // The next page would send all of it again.
  checkpoint.isKept = false
  const batch = batchOf(file.file)
  const { signed, digests } = await sender.send(wholeFile(file.id, file.file), {
    ...progress.unit(0),
    file,
    signal,
    checksums: () => signer.checksums,
    sign: async (digests, form) => {
      const put = {
        op: 'put' as const,
        file: describeFile(file),
        meta,
        ...batch,
        ...digests,
        ...(form ? { form } : {}),
      }
      const signed = await again(checkpoint, (grant) => signer.ask({ ...put, ...grant }, name))
      if (signed.grant && signed.grant !== checkpoint.grant) {
        checkpoint.grant = signed.grant
        await session?.saveGrant(signed.grant)
      }
      return { ...(checkpoint.grant ? { grant: checkpoint.grant } : {}), ...signed }
    },
  })
  return { signed, etag: signed.etag || etagOf(digests) || null, url: objectUrl(signed) }
}

/** A form is posted to the URL of the bucket, and a field names the object. */
function objectUrl({ url, fields, key = '' }: SignedResponse): string | undefined {
  if (!fields || !url) return url
  const object = new URL(url)
  // The bucket puts the name of the form's file in place of the variable.
  const name = (fields.key ?? key).replaceAll(/\$\{filename\}/g, FORM_FILE_NAME)
  const path = name.split('/').map(encodeURIComponent).join('/')
  object.pathname = `${object.pathname.replace(/\/$/, '')}/${path}`
  return object.href
}

/** Asks for the same key as before, or for a new one if the grant has expired. */
async function again<T>(
  checkpoint: UploadCheckpoint,
  ask: (grant: { grant?: string }) => Promise<T>,
) {
  const { grant } = checkpoint
  if (grant === undefined) return ask({})
  try {
    return await ask({ grant })
  } catch (error) {
    if (!isOneOf(error, ['invalid-grant'])) throw error
    delete checkpoint.grant
    return ask({})
  }
}
