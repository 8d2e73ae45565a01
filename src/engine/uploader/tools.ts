import { abortable } from '../../util/abort.ts'
import { keepBatch } from '../files/batches.ts'
import { etagOf } from '../hash/md5-etag.ts'
import { objectEtag } from '../transport/object-etag.ts'
import { cutIntoParts } from '../transport/unit.ts'
import { askFor, digestAll, isOneOf, type RunningJob } from './file-job.ts'
import { Semaphore } from './sender/semaphore.ts'

/**
 * What `put-parts.ts` and `put-stream.ts` use of the uploader. It is handed over with the job, never imported: if this file
 * was loaded again by another address, an import would load a second copy of it, or fail.
 */
export const TOOLS = {
  abortable,
  askFor,
  cutIntoParts,
  digestAll,
  etagOf,
  isOneOf,
  keepBatch,
  objectEtag,
  Semaphore,
}

/** A {@link RunningJob} for `put-parts.ts`. */
export interface PartsJob extends RunningJob {
  tools: typeof TOOLS
}
