import { randomId } from '../../util/random-id.ts'
import {
  abandonUpload,
  createUpload,
  listStoredParts,
  type MultipartUpload,
} from '../signer/multipart.ts'
import { matchingParts } from './compare-parts.ts'
import type { PartsJob } from './tools.ts'

/** Continues the upload of the checkpoint, if the bucket still has it, or creates one. */
export async function openUpload(job: PartsJob): Promise<MultipartUpload> {
  const { file, checkpoint, signal, signer, session, tools } = job
  const { upload } = checkpoint
  if (upload && upload.expiresAt > Date.now()) {
    const isKnown = upload.isKnown && upload.unhashed.size === 0
    if (isKnown && isAsNoted(job, upload)) return upload
    const stored = await tools.askFor(job, () => listStoredParts(signer, upload, file.name))
    // Where the bucket cannot list parts, those of the checkpoint count.
    if (stored) upload.parts = await matchingParts(job, upload, stored)
    upload.unhashed.clear()
    upload.isKnown = true
    return upload
  }
  let again = checkpoint.nonce !== undefined
  checkpoint.nonce ??= randomId()
  // The page may close as soon as `create` has left. Without the nonce nothing would find that upload.
  checkpoint.isKept = await session?.saveNonce(checkpoint.nonce)
  signal.throwIfAborted()
  return tools.askFor(job, () => {
    checkpoint.creating ??= beginUpload(job, again)
    // From now on an answer may get lost.
    again = true
    return checkpoint.creating
  })
}

/** False if another tab has gone on with the upload while it was paused in this one. */
function isAsNoted({ session }: PartsJob, { parts }: MultipartUpload): boolean {
  if (!session) return true
  const noted = session.upload?.parts.keys()
  return noted !== undefined && [...noted].every((number) => parts.has(number))
}

/** Also ends after an abort, when nothing waits for it but perhaps the next run of the file. */
async function beginUpload(job: PartsJob, again: boolean): Promise<MultipartUpload> {
  const { file, checkpoint, signer, sender, session } = job
  const { nonce = '' } = checkpoint
  try {
    const usual = sender.usualPartSize(file.size)
    const isFirst = sender.readAhead.isOpen && signer.checksums.length === 0
    const wishes = {
      ...{ nonce, again, usualPartSize: usual, partSize: sender.partSizeWish },
      signParts: isFirst ? Math.min(sender.limit, Math.ceil(file.size / usual)) : 0,
    }
    const created = await createUpload(signer, file, wishes)
    if (job.isWanted()) {
      checkpoint.upload = created
      // Not awaited: until it is stored, the nonce finds the upload.
      void session?.save(created)
    } else abandonUpload(signer, created)
    return created
  } finally {
    checkpoint.creating = undefined
  }
}
