import { html, nothing, type TemplateResult } from 'lit'
import type { FileLink, FileSnapshot } from '../../../engine/index.ts'
import type { Localize } from '../../../i18n/localize.ts'
import type { StringKey } from '../../../i18n/strings.ts'
import { iconButton, openLink } from '../../parts/buttons.ts'
import {
  closeIcon,
  copyIcon,
  doneIcon,
  pauseIcon,
  resumeIcon,
  retryIcon,
  shareIcon,
} from '../../parts/icons.ts'
import { hasExpired } from '../../parts/link-expiry.ts'

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
  /** Id of the file whose link was just copied. */
  copied: string
  /** Files cannot be removed. */
  isReadOnly: boolean
  /** There is no space for text on buttons. */
  isTile: boolean
  /** Ids of the files whose links are being renewed. */
  renewing: ReadonlySet<string>
}

/** A file, its name as it is shown, and how to draw its buttons. */
interface Row {
  file: FileSnapshot
  name: string
  view: ButtonsView
}

/**
 * The buttons of a row. The button that removes or cancels has a fixed place: a late press on a button
 * that has just changed must not hit it.
 */
export function rowButtons(file: FileSnapshot, name: string, view: ButtonsView): TemplateResult {
  const row = { file, name, view }
  return html`${mainButtons(row)} ${view.isReadOnly ? nothing : endButton(row)}`
}

/** The button that cancels an upload or removes a file. */
function endButton({ file, name, view }: Row): TemplateResult {
  const { localize, actions } = view
  const isOver = ['uploaded', 'failed', 'cancelled'].includes(file.status)
  const key = file.status === 'uploaded' ? 'removeFromList' : isOver ? 'remove' : 'cancel'
  const run = () => (isOver ? actions.remove : actions.cancel)(file.id)
  return iconButton(localize, name, { key, icon: closeIcon, run })
}

function mainButtons(row: Row): TemplateResult | typeof nothing {
  const { file } = row
  switch (file.status) {
    case 'uploading':
    case 'waiting':
      return actionButton(row, 'pause', pauseIcon)
    case 'paused':
      return actionButton(row, 'resume', resumeIcon)
    case 'failed':
    case 'cancelled':
      return actionButton(row, 'retry', retryIcon)
    case 'uploaded':
      return file.downloadUrl ? linkButtons(row, file, file.downloadUrl) : nothing
    default:
      return nothing
  }
}

/** A button whose text has the same name as its action. */
function actionButton(
  { file, name, view }: Row,
  key: StringKey & keyof RowActions,
  icon: TemplateResult,
): TemplateResult {
  const run = () => view.actions[key](file.id)
  return iconButton(view.localize, name, { key, icon, run })
}

function linkButtons(row: Row, link: FileLink, url: string): TemplateResult {
  const { file, name, view } = row
  if (hasExpired(link)) return copyButton(row, 'renewLink')
  return html`
    ${copyButton(row, 'copyLink', view.copied === file.id)} ${openLink(view.localize, name, url)}
    ${canShare(url) ? actionButton(row, 'share', shareIcon) : nothing}
  `
}

/** The button that copies or renews a link. */
function copyButton(
  { file, name, view }: Row,
  key: 'copyLink' | 'renewLink',
  isCopied = false,
): TemplateResult {
  const { localize, actions, isTile, renewing } = view
  const text = localize.text(isCopied ? 'copied' : key)
  const icon = key === 'renewLink' ? retryIcon : isCopied ? doneIcon : copyIcon
  const run = key === 'renewLink' ? actions.renew : actions.copy
  return html`<button
    type="button"
    class="copy"
    part="copy-button"
    aria-label=${localize.text('actionOn', { action: localize.text(key), name })}
    aria-disabled=${renewing.has(file.id) || nothing}
    title=${isTile ? text : nothing}
    @click=${() => run(file.id)}
  >
    ${icon}<span>${text}</span>
  </button>`
}

/** Whether the system can share a link. */
function canShare(url: string): boolean {
  return navigator.canShare?.({ url }) ?? false
}
