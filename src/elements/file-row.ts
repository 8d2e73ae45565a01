import { html, nothing, type TemplateResult } from 'lit'
import { type FileSnapshot, formatBytes } from '../engine/index.ts'
import { displayName, splitName } from './display-name.ts'
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

/** What a person can do with a row. */
export interface RowActions {
  cancel: (id: string) => void
  pause: (id: string) => void
  resume: (id: string) => void
  retry: (id: string) => void
  remove: (id: string) => void
  copy: (id: string, url: string) => void
}

/** One file of the list. `copied` tells that its link has just been copied. */
export function fileRow(file: FileSnapshot, actions: RowActions, copied: boolean): TemplateResult {
  const name = displayName(file.name)
  const [start, end] = splitName(file.name)
  return html`
    <li class="row ${file.status}" part="file">
      <span class="kind">${statusIcon(file)}</span>
      <div class="main">
        <bdi class="name" part="file-name" title=${name}
          ><span class="start">${start}</span><span class="end">${end}</span></bdi
        >
        <span class="detail" id="detail-${file.id}">${describe(file)}</span>
        ${bar(file, name)}
      </div>
      <div class="actions">${buttons(file, name, actions, copied)}</div>
    </li>
  `
}

function statusIcon({ status }: FileSnapshot): TemplateResult {
  if (status === 'uploaded') return doneIcon
  return status === 'failed' ? failedIcon : fileIcon
}

/** The state in words: colour and icons only repeat it. */
function describe(file: FileSnapshot): string {
  const size = formatBytes(file.size)
  switch (file.status) {
    case 'queued':
      return `${size} · Waiting`
    case 'uploading':
      return `${formatBytes(file.loaded)} of ${size} · ${percent(file.loaded, file.size)}`
    case 'paused':
      return `${formatBytes(file.loaded)} of ${size} · Paused`
    case 'waiting':
      return `${whatHappened(file.error.reason)} It will go on by itself.`
    case 'finalizing':
      return `${size} · Finishing…`
    case 'uploaded':
      return `${size} · Uploaded`
    case 'failed':
      return file.error.reason
    case 'cancelled':
      return `${size} · Cancelled`
  }
}

/** Without the advice, since nobody has to do anything. */
function whatHappened(reason: string): string {
  return /^.*?[.](?= |$)/.exec(reason)?.[0] ?? reason
}

function bar(file: FileSnapshot, name: string): TemplateResult | typeof nothing {
  if (file.status === 'uploading' || file.status === 'paused' || file.status === 'waiting') {
    return html`<progress aria-label="Progress of ${name}" max="1" .value=${ratio(file)}></progress>`
  }
  // Without a value: the browser shows that something is going on, not how far.
  return file.status === 'finalizing'
    ? html`<progress aria-label="Finishing ${name}" max="1"></progress>`
    : nothing
}

function ratio(file: { loaded: number; size: number }): number {
  return file.size === 0 ? 0 : file.loaded / file.size
}

/** A percentage that says 100 only when it is. */
function percent(loaded: number, total: number): string {
  const share = total === 0 ? 0 : Math.floor((loaded / total) * 100) / 100
  return new Intl.NumberFormat(undefined, { style: 'percent' }).format(share)
}

function buttons(file: FileSnapshot, name: string, actions: RowActions, copied: boolean) {
  const button = (label: string, icon: TemplateResult, run: () => void) => html`
    <button type="button" class="icon" aria-label="${label}: ${name}" title=${label} @click=${run}>
      ${icon}
    </button>
  `
  const remove = button('Remove', closeIcon, () => actions.remove(file.id))
  const cancel = button('Cancel', closeIcon, () => actions.cancel(file.id))
  switch (file.status) {
    case 'uploading':
    case 'waiting':
      return [button('Pause', pauseIcon, () => actions.pause(file.id)), cancel]
    case 'paused':
      return [button('Resume', resumeIcon, () => actions.resume(file.id)), cancel]
    case 'queued':
    case 'finalizing':
      return cancel
    case 'failed':
    case 'cancelled':
      return [button('Try again', retryIcon, () => actions.retry(file.id)), remove]
    case 'uploaded':
      return [link(file, name, actions, copied), remove]
  }
}

function link(
  { id, downloadUrl }: FileSnapshot & { status: 'uploaded' },
  name: string,
  { copy }: RowActions,
  copied: boolean,
) {
  if (!downloadUrl) return nothing
  return html`
    <button
      type="button"
      class="copy"
      part="copy-button"
      aria-label="Copy link: ${name}"
      @click=${() => copy(id, downloadUrl)}
    >
      ${copied ? doneIcon : copyIcon}<span>${copied ? 'Copied' : 'Copy link'}</span>
    </button>
    <a
      class="icon"
      part="link"
      href=${downloadUrl}
      target="_blank"
      rel="noopener noreferrer"
      aria-label="Open: ${name}"
      title="Open"
      >${openIcon}</a
    >
  `
}
