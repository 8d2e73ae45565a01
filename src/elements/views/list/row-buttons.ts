import { html, nothing, type TemplateResult } from 'lit'
import type { FileLink, FileSnapshot } from '../../../engine/index.ts'
import type { Localize } from '../../../i18n/localize.ts'
import type { StringKey } from '../../../i18n/strings.ts'
import type { LinksShown } from '../../base/shown.ts'
import { iconButton, openLink } from '../../parts/buttons.ts'
import {
  closeIcon,
  copyIcon,
  doneIcon,
  linkIcon,
  pauseIcon,
  resumeIcon,
  retryIcon,
  shareIcon,
} from '../../parts/icons.ts'
import { hasExpired } from '../../parts/link-expiry.ts'
import { cureOf } from '../cures.ts'

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
  /** Has the file chosen again. */
  choose: (id: string) => void
  /** Has another file chosen in its place. */
  change: (id: string) => void
}

/** How the buttons of a row are drawn. */
export interface ButtonsView {
  localize: Localize
  actions: RowActions
  /** Id of the file whose link was just copied. */
  copied: string
  /** Files cannot be removed. */
  isReadOnly: boolean
  /** The file is the only one that there may be, and another one can take its place. */
  isSingle: boolean
  /** There is no space for text on buttons. */
  isTile: boolean
  links: LinksShown
  /** Ids of the files whose links are being renewed. */
  renewing: ReadonlySet<string>
}

/** A file, its name as it is shown, and how to draw its buttons. */
interface Row {
  file: FileSnapshot
  name: string
  view: ButtonsView
}

type ActionKey = StringKey & keyof RowActions

/** Nothing of it is sent any more. */
const OVER = ['processing', 'uploaded', 'failed', 'cancelled']

/**
 * The buttons of a row. The button that removes or cancels has a fixed place: a late press on a button
 * that has just changed must not hit it.
 */
export function rowButtons(file: FileSnapshot, name: string, view: ButtonsView): TemplateResult {
  const row = { file, name, view }
  return html`${mainButtons(row)} ${view.isReadOnly ? nothing : endButton(row)}`
}

/** The text button beside the words about a file that was not uploaded. */
export function cureButton(
  file: FileSnapshot,
  name: string,
  view: ButtonsView,
): TemplateResult | typeof nothing {
  const cure = cureOf(file)
  if (cure === 'none' || (cure === 'choose' && view.isReadOnly)) return nothing
  const key = cure === 'choose' ? 'chooseAgain' : 'retry'
  const run = () => view.actions[cure](file.id)
  return iconButton(view.localize, name, { key, run, kind: 'plain cure' })
}

/** The button that cancels an upload or removes a file. */
function endButton({ file, name, view }: Row): TemplateResult {
  const { localize, actions } = view
  const isOver = OVER.includes(file.status)
  const ofStored = 'mayDiscard' in file && file.mayDiscard ? 'discardFile' : 'removeFromList'
  const key = 'key' in file ? ofStored : isOver ? 'remove' : 'cancel'
  const run = () => (isOver ? actions.remove : actions.cancel)(file.id)
  return iconButton(localize, name, { key, icon: closeIcon, run, kind: 'end' })
}

/** The text button that puts another file in the place of the only one. */
export function changeButton(
  file: FileSnapshot,
  name: string,
  view: ButtonsView,
): TemplateResult | typeof nothing {
  if (!view.isSingle || view.isReadOnly || !OVER.includes(file.status)) return nothing
  const run = () => view.actions.change(file.id)
  return iconButton(view.localize, name, { key: 'change', run, kind: 'plain change' })
}

function mainButtons(row: Row): TemplateResult | typeof nothing {
  const { file } = row
  switch (file.status) {
    case 'uploading':
    case 'waiting':
      return actionButton(row, 'pause', pauseIcon)
    case 'paused':
      return actionButton(row, 'resume', resumeIcon)
    case 'uploaded':
      return file.downloadUrl ? linkButtons(row, file, file.downloadUrl) : nothing
    default:
      return nothing
  }
}

/** A button whose text has the same name as its action. */
function actionButton(
  { file, name, view }: Row,
  key: ActionKey,
  icon: TemplateResult,
): TemplateResult {
  const run = () => view.actions[key](file.id)
  return iconButton(view.localize, name, { key, icon, run, kind: key })
}

function linkButtons(row: Row, link: FileLink, url: string): TemplateResult | typeof nothing {
  const { file, name, view } = row
  if (view.links === 'none') return nothing
  if (hasExpired(link)) return copyButton(row, 'renewLink')
  const copy = copyButton(row, 'copyLink', view.copied === file.id)
  if (view.links === 'copy') return copy
  return html`
    ${copy} ${openLink(view.localize, name, url)}
    ${canShare(url) ? actionButton(row, 'share', shareIcon) : nothing}
  `
}

/** The button that copies or renews a link. */
function copyButton(
  { file, name, view }: Row,
  key: 'copyLink' | 'renewLink',
  isCopied = false,
): TemplateResult {
  const { localize, actions, isTile, links, renewing } = view
  const text = localize.text(isCopied ? 'copied' : key)
  const icon = links === 'copy' ? linkIcon : copyIcon
  const run = key === 'renewLink' ? actions.renew : actions.copy
  const isIcon = links === 'copy' || isTile
  return html`<button
    type="button"
    class="copy ${isIcon ? 'icon' : ''} ${isCopied ? 'copied' : ''}"
    part="copy-button"
    aria-label=${localize.text('actionOn', { action: text, name })}
    aria-disabled=${renewing.has(file.id) || nothing}
    title=${text}
    @click=${() => run(file.id)}
  >
    ${key === 'renewLink' ? retryIcon : isCopied ? doneIcon : icon}<span>${text}</span>
  </button>`
}

/** Whether the system can share a link. */
function canShare(url: string): boolean {
  return navigator.canShare?.({ url }) ?? false
}
