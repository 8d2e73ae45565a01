import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot, UploadError } from '../../engine/index.ts'
import { firstSentence } from '../../i18n/first-sentence.ts'
import type { Localize } from '../../i18n/localize.ts'
import { doneIcon, failedIcon } from './icons.ts'
import { describeExpiry, hasExpired } from './link-expiry.ts'
import type { TransferRate } from './rate-estimate.ts'
import type { RedrawTimer } from './redraw-timer.ts'

type Uploading = FileSnapshot & { status: 'uploading' }

/** What the detail of a file shows. With the language alone it is short. */
export interface DetailView {
  localize: Localize
  /** Redraws the row when the text changes with time, for instance that of its link. */
  redrawTimer?: RedrawTimer
  /** There is space for few words. */
  isTile?: boolean
  /** How fast a file is uploaded. */
  rate?: (file: Uploading) => TransferRate
  /** Why the link of a file could not be renewed. */
  notRenewed?: ReadonlyMap<string, UploadError>
}

/** The state in words: colors and icons only repeat it. */
export function detail(file: FileSnapshot, view: DetailView): TemplateResult {
  return html`<span class="detail" part="detail">${stateIcon(file)}${describe(file, view)}</span>`
}

function stateIcon({ status }: FileSnapshot): TemplateResult | typeof nothing {
  if (status === 'uploaded') return doneIcon
  return status === 'failed' ? failedIcon : nothing
}

/** The state of a file, in words. */
export function describe(file: FileSnapshot, view: DetailView): string {
  const { localize, rate = atRest } = view
  const size = localize.bytes(file.size)
  switch (file.status) {
    case 'queued':
      return list(size, localize.text('waiting'))
    case 'uploading':
      return describeRate(file.size, rate(file), localize, view.isTile)
    case 'paused':
      return list(progress(file.loaded, file.size, localize), localize.text('paused'))
    case 'waiting':
      // The advice after the first sentence does not apply: it continues without help.
      return `${firstSentence(localize.error(file.error))} ${localize.text('goesOn')}`
    case 'finalizing':
      return list(size, localize.text('finishing'))
    case 'uploaded':
      return list(size, localize.text('uploaded'), describeLink(file, view))
    case 'failed':
      return localize.error(file.error)
    case 'cancelled':
      return list(size, localize.text('cancelled'))
  }
}

function atRest({ loaded }: Uploading): TransferRate {
  return { loaded, speed: 0, timeLeft: undefined, isStill: false }
}

/** "2.1 MB of 4.8 MB · 43% · 1.2 MB/s · about 12 seconds left"; in short, without sizes and speed. */
export function describeRate(
  total: number,
  { loaded, speed, timeLeft, isStill }: TransferRate,
  localize: Localize,
  isShort = false,
): string {
  return list(
    isShort ? '' : progress(loaded, total, localize),
    localize.percent(shareOf(loaded, total)),
    isStill ? localize.text('notMoving') : '',
    speed > 0 && !isShort ? localize.speed(speed) : '',
    timeLeft === undefined ? '' : localize.timeLeft(timeLeft),
  )
}

/** Progress as a share of 1. */
export function shareOf(loaded: number, total: number): number {
  return total === 0 ? 0 : loaded / total
}

function progress(loaded: number, total: number, localize: Localize): string {
  return localize.text('progress', { loaded: localize.bytes(loaded), size: localize.bytes(total) })
}

function describeLink(file: FileSnapshot & { status: 'uploaded' }, view: DetailView): string {
  const { localize, redrawTimer, notRenewed } = view
  if (!redrawTimer) return ''
  const error = hasExpired(file) ? notRenewed?.get(file.id) : undefined
  // People can sign in again. For all other errors it is enough to know that it failed.
  if (error?.code === 'unauthorized') return localize.error(error)
  if (error) return localize.text('linkNotRenewed')
  const [text, changesIn] = describeExpiry(file, localize)
  redrawTimer.after(changesIn)
  return text
}

/** Joins parts with dots. Lines do not break between a number and its unit, or before a dot. */
export function list(...parts: string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => part.replace(/(?<=\p{N}) /gu, '\u00a0'))
    .join('\u00a0· ')
}
