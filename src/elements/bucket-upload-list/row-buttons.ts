import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import type { StringKey } from '../../i18n/strings.ts'
import {
  closeIcon,
  copyIcon,
  doneIcon,
  openIcon,
  pauseIcon,
  resumeIcon,
  retryIcon,
  shareIcon,
} from '../parts/icons.ts'
import { hasExpired } from '../parts/link-expiry.ts'

/** What a person can do with a file. */
export interface RowActions {
  cancel: (id: string) => void
  pause: (id: string) => void
  resume: (id: string) => void
  retry: (id: string) => void
  remove: (id: string) => void
  copy: (id: string) => void
  renew: (id: string) => void
  share: (id: string) => void
}

/** How the buttons of a row are drawn. */
export interface ButtonsView {
  localize: Localize
  actions: RowActions
  /** The file whose link has just been copied. */
  copied: string
  /** Nobody may remove a file. */
  isReadOnly: boolean
  /** There is no room for words on buttons. */
  isTile: boolean
  /** Files whose links are being renewed. */
  renewing: ReadonlySet<string>
}

type Draw = (key: StringKey, icon: TemplateResult, run: (id: string) => void) => TemplateResult

/**
 * The buttons of a row. What ends a file has a place of its own: there, a press that comes late does
 * nothing that was not meant.
 */
export function rowButtons(file: FileSnapshot, name: string, view: ButtonsView): TemplateResult {
  const { actions } = view
  const button: Draw = (key, icon, run) => iconButton(file.id, name, view, key, icon, run)
  const isOver = ['uploaded', 'failed', 'cancelled'].includes(file.status)
  return html`
    ${main(file, name, view, button)}
    ${
      view.isReadOnly
        ? nothing
        : isOver
          ? button('remove', closeIcon, actions.remove)
          : button('cancel', closeIcon, actions.cancel)
    }
  `
}

function main(file: FileSnapshot, name: string, view: ButtonsView, button: Draw) {
  const { actions } = view
  switch (file.status) {
    case 'uploading':
    case 'waiting':
      return button('pause', pauseIcon, actions.pause)
    case 'paused':
      return button('resume', resumeIcon, actions.resume)
    case 'failed':
    case 'cancelled':
      return button('retry', retryIcon, actions.retry)
    case 'uploaded':
      return file.downloadUrl ? link(file, file.downloadUrl, name, view, button) : nothing
    default:
      return nothing
  }
}

function iconButton(
  id: string,
  name: string,
  { localize }: ButtonsView,
  key: StringKey,
  icon: TemplateResult,
  run: (id: string) => void,
): TemplateResult {
  const action = localize.text(key)
  return html`
    <button
      type="button"
      class="icon"
      aria-label=${localize.text('actionOn', { action, name })}
      title=${action}
      @click=${() => run(id)}
    >
      ${icon}
    </button>
  `
}

function link(
  file: FileSnapshot & { status: 'uploaded' },
  url: string,
  name: string,
  view: ButtonsView,
  button: Draw,
): TemplateResult {
  const { localize, actions, copied, renewing, isTile } = view
  const { id } = file
  const text = (
    key: StringKey,
    icon: TemplateResult,
    run: (id: string) => void,
    shown = key,
  ) => html`
    <button
      type="button"
      class="copy"
      part="copy-button"
      aria-label=${localize.text('actionOn', { action: localize.text(key), name })}
      aria-disabled=${renewing.has(id) || nothing}
      title=${isTile ? localize.text(shown) : nothing}
      @click=${() => run(id)}
    >
      ${icon}<span>${localize.text(shown)}</span>
    </button>
  `
  if (hasExpired(file)) return text('renewLink', retryIcon, actions.renew)
  const isCopied = copied === id
  const open = localize.text('open')
  return html`
    ${text('copyLink', isCopied ? doneIcon : copyIcon, actions.copy, isCopied ? 'copied' : 'copyLink')}
    <a
      class="icon"
      part="link"
      href=${url}
      target="_blank"
      rel="noopener noreferrer"
      aria-label=${localize.text('actionOn', { action: open, name })}
      title=${open}
      >${openIcon}</a
    >
    ${canShare(url) ? button('share', shareIcon, actions.share) : nothing}
  `
}

/** Whether the system has a share sheet, which takes links. */
function canShare(url: string): boolean {
  return navigator.canShare?.({ url }) ?? false
}
