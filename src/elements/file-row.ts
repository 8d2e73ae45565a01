import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../engine/index.ts'
import { displayName, splitName } from './display-name.ts'
import { firstSentence } from './first-sentence.ts'
import {
  closeIcon,
  copyIcon,
  doneIcon,
  failedIcon,
  fileIcon,
  openIcon,
  pauseIcon,
  resumeIcon,
  retryIcon,
} from './icons.ts'
import type { Localize } from './localize.ts'
import type { StringKey } from './strings.ts'

/** What a person can do with a row. */
export interface RowActions {
  cancel: (id: string) => void
  pause: (id: string) => void
  resume: (id: string) => void
  retry: (id: string) => void
  remove: (id: string) => void
  copy: (id: string, url: string) => void
}

/** How rows are drawn. */
export interface RowView {
  localize: Localize
  actions: RowActions
  /** The file whose link has just been copied. */
  copied: string
  /** Nobody may remove a file. */
  isReadOnly: boolean
}

/** One file of the list. */
export function fileRow(file: FileSnapshot, view: RowView): TemplateResult {
  const name = displayName(file.name)
  return html`
    <li class="row ${file.status}" part="file" data-id=${file.id}>
      <span class="kind">${statusIcon(file)}</span>
      <div class="main">
        ${fileName(file.name)}
        <span class="detail">${describe(file, view.localize)}</span>
        ${bar(file, name, view.localize)}
      </div>
      <div class="actions">${buttons(file, name, view)}</div>
    </li>
  `
}

/** A name of which a narrow row shortens the middle. */
export function fileName(name: string): TemplateResult {
  const [start, end] = splitName(name)
  return html`<bdi class="name" part="file-name" title=${displayName(name)}
    ><span class="start">${start}</span><span class="end">${end}</span></bdi
  >`
}

function statusIcon({ status }: FileSnapshot): TemplateResult {
  if (status === 'uploaded') return doneIcon
  return status === 'failed' ? failedIcon : fileIcon
}

/** The state in words: colour and icons only repeat it. */
export function describe(file: FileSnapshot, localize: Localize): string {
  const size = localize.bytes(file.size)
  const progress = (loaded: number) =>
    localize.text('progress', { loaded: localize.bytes(loaded), size })
  switch (file.status) {
    case 'queued':
      return `${size} · ${localize.text('waiting')}`
    case 'uploading':
      return `${progress(file.loaded)} · ${localize.percent(ratio(file))}`
    case 'paused':
      return `${progress(file.loaded)} · ${localize.text('paused')}`
    case 'waiting':
      // Nobody has to do anything.
      return `${firstSentence(localize.error(file.error))} ${localize.text('goesOn')}`
    case 'finalizing':
      return `${size} · ${localize.text('finishing')}`
    case 'uploaded':
      return `${size} · ${localize.text('uploaded')}`
    case 'failed':
      return localize.error(file.error)
    case 'cancelled':
      return `${size} · ${localize.text('cancelled')}`
  }
}

/** How far a file is, as a bar. */
export function bar(
  file: FileSnapshot,
  name: string,
  localize: Localize,
): TemplateResult | typeof nothing {
  const label = localize.text('progressOf', { name })
  if (file.status === 'uploading' || file.status === 'paused' || file.status === 'waiting') {
    return html`<progress aria-label=${label} max="1" .value=${ratio(file)}></progress>`
  }
  // Without a value: the browser shows that something is going on, not how far.
  return file.status === 'finalizing'
    ? html`<progress aria-label=${label} max="1"></progress>`
    : nothing
}

function ratio(file: { loaded: number; size: number }): number {
  return file.size === 0 ? 0 : file.loaded / file.size
}

function buttons(file: FileSnapshot, name: string, view: RowView) {
  const { actions, localize } = view
  const button = (key: StringKey, icon: TemplateResult, run: (id: string) => void) => {
    const action = localize.text(key)
    const label = localize.text('actionOn', { action, name })
    return html`
      <button
        type="button"
        class="icon"
        aria-label=${label}
        title=${action}
        @click=${() => run(file.id)}
      >
        ${icon}
      </button>
    `
  }
  const remove = view.isReadOnly ? nothing : button('remove', closeIcon, actions.remove)
  const cancel = view.isReadOnly ? nothing : button('cancel', closeIcon, actions.cancel)
  switch (file.status) {
    case 'uploading':
    case 'waiting':
      return [button('pause', pauseIcon, actions.pause), cancel]
    case 'paused':
      return [button('resume', resumeIcon, actions.resume), cancel]
    case 'queued':
    case 'finalizing':
      return cancel
    case 'failed':
    case 'cancelled':
      return [button('retry', retryIcon, actions.retry), remove]
    case 'uploaded':
      return [link(file, name, view), remove]
  }
}

function link(
  { id, downloadUrl }: FileSnapshot & { status: 'uploaded' },
  name: string,
  { localize, actions, copied }: RowView,
) {
  if (!downloadUrl) return nothing
  const [copy, open] = [localize.text('copyLink'), localize.text('open')]
  return html`
    <button
      type="button"
      class="copy"
      part="copy-button"
      aria-label=${localize.text('actionOn', { action: copy, name })}
      @click=${() => actions.copy(id, downloadUrl)}
    >
      ${copied === id ? doneIcon : copyIcon}<span>${copied === id ? localize.text('copied') : copy}</span>
    </button>
    <a
      class="icon"
      part="link"
      href=${downloadUrl}
      target="_blank"
      rel="noopener noreferrer"
      aria-label=${localize.text('actionOn', { action: open, name })}
      title=${open}
      >${openIcon}</a
    >
  `
}
