import type { FileSnapshot, UploadEngine } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import { timeLeftText } from '../../i18n/measures.ts'
import { describeRate, isCopying } from '../parts/file-detail.ts'
import type { TransferRate } from '../parts/rate-estimate.ts'
import { summary } from '../parts/summary.ts'

/** The two lines of the head, and what is shown with the pointer on it. */
export interface HeadText {
  title: string
  subtitle: string
  tip: string
}

/** What the head says of all files. */
export function headText(
  engine: UploadEngine,
  localize: Localize,
  rate: TransferRate | undefined,
  isShort: boolean,
): HeadText {
  const { active, total, growing } = engine.progress
  if (active === 0 || !rate) {
    const subtitle = localize.bytes(sizeOf(engine.files, 'uploaded'))
    return { title: titleOf(engine, localize), subtitle, tip: '' }
  }
  if (engine.unstarted > 0 && engine.unstarted === active) {
    const title = localize.text('filesReady', { count: active })
    return { title, subtitle: localize.bytes(total), tip: '' }
  }
  const title = titleOf(engine, localize)
  const preparing = describePreparing(engine, localize)
  if (preparing) return { title, subtitle: preparing, tip: preparing }
  const tip = describeRate(growing > 0 ? undefined : total, rate, localize)
  const subtitle = isShort ? localize.capitalized(briefly(engine, localize, rate)) : tip
  return { title, subtitle, tip }
}

/** Large words, which may break anywhere. */
function titleOf(engine: UploadEngine, localize: Localize): string {
  const { active, uploaded: done } = engine.progress
  return active > 0
    ? localize.text('uploadedOf', { done, count: done + active })
    : summary(engine, localize).replaceAll('\u00a0', ' ')
}

/** While nothing is sent: that the site works on files, that the page checks one, or that one is copied first. */
function describePreparing(engine: UploadEngine, localize: Localize): string {
  if (engine.counts.uploading > 0) return ''
  if (engine.counts.processing === engine.progress.active) return localize.text('processing')
  const file = engine.files.find(
    (it) => it.status === 'waiting' || (it.status === 'queued' && it.isChecking),
  )
  if (file?.status === 'queued') return localize.text('checking')
  return file?.status === 'waiting' && isCopying(file) ? localize.text('copying') : ''
}

function briefly(engine: UploadEngine, localize: Localize, rate: TransferRate): string {
  const { uploading, waiting, paused, finalizing } = engine.counts
  if (paused > 0 && uploading + waiting === 0) return localize.text('paused')
  if (finalizing === engine.progress.active) return localize.text('finishing')
  if (rate.isStill || (waiting > 0 && uploading === 0)) return localize.text('notMoving')
  if (rate.timeLeft !== undefined) return timeLeftText(rate.timeLeft, localize)
  const { total, growing } = engine.progress
  if (growing > 0) return localize.bytes(rate.loaded)
  return localize.text('progress', {
    loaded: localize.bytes(rate.loaded),
    size: localize.bytes(total),
  })
}

function sizeOf(files: readonly FileSnapshot[], status: FileSnapshot['status']): number {
  return files.reduce((sum, file) => sum + (file.status === status ? file.size : 0), 0)
}
