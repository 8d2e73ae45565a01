import type { UploadEngine } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import { describeRate, list } from './file-detail.ts'
import type { TransferRate } from './rate-estimate.ts'

/** The state of all files together, in one line. */
export function summary(engine: UploadEngine, localize: Localize, rate?: TransferRate): string {
  const { total, active, uploaded, growing } = engine.progress
  const { uploading, waiting, paused, failed, uploaded: allUploaded } = engine.counts
  if (active > 0) {
    const done = localize.text('uploadedOf', { done: uploaded, count: uploaded + active })
    const isPaused = paused > 0 && uploading + waiting === 0
    return list(
      done,
      rate ? describeRate(growing > 0 ? undefined : total, rate, localize) : '',
      isPaused ? localize.text('paused') : '',
    )
  }
  // Progress covers the current batch, the number of uploaded files the whole list.
  const isAll = allUploaded > 0 && allUploaded === engine.ids.length
  if (isAll) return localize.text('filesUploaded', { count: allUploaded })
  const uploadedText = localize.text('someUploaded', { count: allUploaded })
  if (failed === 0) return uploadedText
  const failedText = localize.text('filesFailed', { count: failed })
  return localize.text('uploadedAndFailed', { uploaded: uploadedText, failed: failedText })
}
