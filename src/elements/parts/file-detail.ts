import { html, type TemplateResult } from 'lit'
import type { FileSnapshot, UploadError } from '../../engine/index.ts'
import { firstSentence } from '../../i18n/first-sentence.ts'
import type { Localize } from '../../i18n/localize.ts'
import { percentage, speedText, timeLeftText } from '../../i18n/measures.ts'
import type { LinksShown } from '../base/shown.ts'
import { describeExpiry, hasExpired } from './link-expiry.ts'
import type { TransferRate } from './rate-estimate.ts'
import type { RedrawTimer } from './redraw-timer.ts'

/** Between two parts of a line. */
const DOT = '\u00a0· '

type Uploading = FileSnapshot & { status: 'uploading' }

/** What the detail of a file shows. With the language alone it has all numbers, and no link. */
export interface DetailView {
  localize: Localize
  /** Redraws the row when the text changes with time, for instance that of its link. */
  redrawTimer?: RedrawTimer
  /** Leaves out sizes and speeds, and what the picture of the file says too. */
  isShort?: boolean
  /** Says until when a link works: always (`full`), or when that is near. */
  links?: LinksShown
  /** Whether the upload of a file has just begun, and may be over before anyone can read about it. */
  isEarly?: (file: FileSnapshot) => boolean
  /** How fast a file is uploaded. */
  rate?: (file: Uploading) => TransferRate
  /** Why the link of a file could not be renewed. */
  notRenewed?: ReadonlyMap<string, UploadError>
}

/** The state in words: colors and icons only repeat it. */
export function detail(file: FileSnapshot, view: DetailView): TemplateResult {
  const text = describe(file, view)
  const isUnsaid = view.isShort && file.status === 'uploaded'
  const uploaded = () =>
    html`<span class="visually-hidden">${DOT}${view.localize.text('uploaded')}</span>`
  return html`<span class="detail" part="detail" title=${text}
    >${text}${isUnsaid ? uploaded() : ''}</span
  >`
}

/** The state of a file, in words. */
export function describe(file: FileSnapshot, view: DetailView): string {
  const { localize, rate = atRest, isShort = false } = view
  const size = localize.bytes(file.size)
  const sizeAnd = (text: string) => (isShort ? text : list(size, text))
  if (view.isEarly?.(file)) return sizeAnd(localize.text('waiting'))
  switch (file.status) {
    case 'queued':
      return sizeAnd(localize.text(file.isChecking ? 'checking' : 'waiting'))
    case 'uploading':
      return describeRate(file.isGrowing ? undefined : file.size, rate(file), localize, isShort)
    case 'paused':
      return list(
        file.isGrowing
          ? size
          : isShort
            ? percentage(shareOf(file.loaded, file.size), localize)
            : progress(file.loaded, file.size, localize),
        localize.text('paused'),
      )
    case 'waiting':
      if (isCopying(file)) return sizeAnd(localize.text('copying'))
      // The advice after the first sentence does not apply: it continues without help.
      return `${firstSentence(localize.error(file.error))} ${localize.text('goesOn')}`
    case 'finalizing':
      return sizeAnd(localize.text('finishing'))
    case 'processing': {
      const share = file.progress === undefined ? '' : ` ${percentage(file.progress, localize)}`
      return sizeAnd(localize.text('processing') + share)
    }
    case 'uploaded':
      return list(size, isShort ? '' : localize.text('uploaded'), describeLink(file, view))
    case 'failed':
      return failureOf(file, localize)
    case 'cancelled':
      return sizeAnd(localize.text('cancelled'))
  }
}

/** Why a file was not uploaded. */
export function failureOf(
  { isLost, error }: Pick<FileSnapshot & { status: 'failed' }, 'isLost' | 'error'>,
  localize: Localize,
): string {
  const { path } = error.facts
  const isCut = isLost && error.code === 'file-unreadable' && !path
  const text = isCut ? localize.text('brokenOff') : localize.error(error)
  // Isolated, as its direction may be another one.
  return path ? `\u2068${path}\u2069: ${text}` : text
}

function atRest({ loaded, size, isGrowing }: Uploading): TransferRate {
  return { loaded: isGrowing ? size : loaded, speed: 0, timeLeft: undefined, isStill: false }
}

/**
 * "2.1 MB of 4.8 MB · 43% · 1.2 MB/s · about 12 seconds left"; in short, without sizes and speed. Without
 * a total, "2.1 MB · 1.2 MB/s".
 */
export function describeRate(
  total: number | undefined,
  { loaded, speed, timeLeft, isStill }: TransferRate,
  localize: Localize,
  isShort = false,
): string {
  const isKnown = total !== undefined
  const share = () => [
    isShort ? '' : progress(loaded, total ?? 0, localize),
    percentage(shareOf(loaded, total ?? 0), localize),
  ]
  return list(
    ...(isKnown ? share() : [localize.bytes(loaded)]),
    isStill ? localize.text(isKnown ? 'notMoving' : 'waiting') : '',
    speed > 0 && !isShort ? speedText(speed, localize) : '',
    timeLeft === undefined ? '' : timeLeftText(timeLeft, localize),
  )
}

/** Whether a file waits because it is copied before it is sent. */
export function isCopying({ error }: FileSnapshot & { status: 'waiting' }): boolean {
  return error.code === 'file-unreadable'
}

/** Progress as a share of 1. */
export function shareOf(loaded: number, total: number): number {
  return total === 0 ? 0 : loaded / total
}

function progress(loaded: number, total: number, localize: Localize): string {
  return localize.text('progress', { loaded: localize.bytes(loaded), size: localize.bytes(total) })
}

function describeLink(file: FileSnapshot & { status: 'uploaded' }, view: DetailView): string {
  const { localize, redrawTimer, notRenewed, links = 'none' } = view
  if (links === 'none') return ''
  const error = hasExpired(file) ? notRenewed?.get(file.id) : undefined
  // People can sign in again. For all other errors it is enough to know that it failed.
  if (error?.code === 'unauthorized') return localize.error(error)
  if (error) return localize.text('linkNotRenewed')
  const [text, changesIn] = describeExpiry(file, localize, links === 'copy')
  redrawTimer?.after(changesIn)
  return text
}

/** Joins parts with dots. Lines do not break between a number and its unit, or before a dot. */
export function list(...parts: string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => part.replace(/(?<=\p{N}) /gu, '\u00a0'))
    .join(DOT)
}
