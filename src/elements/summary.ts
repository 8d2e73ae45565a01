import type { UploadEngine } from '../engine/index.ts'
import type { Localize } from './localize.ts'

/** Where all files together stand, in one line. */
export function summary(engine: UploadEngine, localize: Localize): string {
  const { loaded, total, active, uploaded, speed, timeLeft } = engine.progress
  const size = (bytes: number) => localize.bytes(bytes)
  if (active > 0) {
    return [
      localize.text('uploadedOf', { done: uploaded, count: uploaded + active }),
      localize.text('progress', { loaded: size(loaded), size: size(total) }),
      speed > 0 ? localize.text('speed', { size: size(Math.round(speed)) }) : '',
      timeLeft === null ? '' : localize.text('timeLeft', { time: localize.duration(timeLeft) }),
    ]
      .filter(Boolean)
      .join(' · ')
  }
  // Progress is that of the current batch; what is done is counted over the whole list.
  const count = (status: string) => engine.files.filter((file) => file.status === status).length
  const failed = count('failed')
  const uploadedText = localize.text('filesUploaded', { count: count('uploaded') })
  if (failed === 0) return uploadedText
  const failedText = localize.text('filesFailed', { count: failed })
  return localize.text('uploadedAndFailed', { uploaded: uploadedText, failed: failedText })
}
