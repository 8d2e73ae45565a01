import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../../engine/index.ts'
import type { Localize } from '../../../i18n/localize.ts'
import type { RestoredFile } from '../../base/existing-files.ts'

/** What the field shares with the other views. */
export type SharedViews = typeof import('../index.ts')

/** What the field shows. */
export interface FieldContent {
  shared: SharedViews
  localize: Localize
  /** The file that was added in this page. It is shown instead of the existing one. */
  file: FileSnapshot | undefined
  existing: RestoredFile | undefined
  /** The existing file will be removed. */
  isRemoved: boolean
  /** The file is shown, and cannot be changed. */
  isReadOnly: boolean
  /** The file cannot be changed now. */
  isLocked: boolean
  isAvatar: boolean
  hint: string
  /** The picture of the file is on the canvas. */
  isDrawn: boolean
  /** URL of an image that could not be loaded. */
  broken: string
  pictureFailed: (url: string) => void
  retry: (id: string) => void
  /** Removes the file that is shown, or keeps a removed one. */
  remove: () => void
}

/** The content of the drop zone of a field: picture, name and state, buttons. */
export function fieldContent(view: FieldContent): TemplateResult {
  return html`
    <span class="picture" part="picture">${picture(view)}</span>
    <div class="main">${nameAndState(view)}</div>
    <div class="actions">${actions(view)}</div>
  `
}

function picture(view: FieldContent): TemplateResult {
  const { file, isRemoved, isAvatar, isDrawn, broken } = view
  const { kindIcons, kindOf, personIcon } = view.shared
  const { url = '', type } = view.existing ?? {}
  const isImage = type === undefined ? isAvatar : type.startsWith('image/')
  const isShown = !file && !isRemoved && isImage && url !== '' && url !== broken
  const image = html`<img alt="" src=${url} @error=${() => view.pictureFailed(url)} />`
  const { name = '', type: media = '' } = file ?? view.existing ?? {}
  const icon = isAvatar ? personIcon : kindIcons[kindOf({ name, type: media })]
  return html`
    <canvas ?hidden=${!isDrawn}></canvas>
    ${isShown ? image : isDrawn ? nothing : icon}
  `
}

function nameAndState(view: FieldContent): TemplateResult {
  const { localize, file, existing, isRemoved, isLocked, hint } = view
  const { describe, displayName, fileName, progressBar } = view.shared
  if (file) {
    return html`
      ${fileName(file.name)}<span class="detail">${describe(file, { localize })}</span>
      ${progressBar(file, displayName(file.name), localize)}
    `
  }
  if (!existing) {
    const orDropIt = isLocked ? '' : localize.text('orDropIt')
    return html`${orDropIt}<span class="detail" id="hint" part="hint">${hint}</span>`
  }
  const size = existing.size === undefined ? '' : localize.bytes(existing.size)
  return html`
    <div class=${isRemoved ? 'removed' : ''}>${fileName(existing.name)}</div>
    <span class="detail">${isRemoved ? localize.text('willBeRemoved') : size}</span>
  `
}

function actions(view: FieldContent): TemplateResult | typeof nothing {
  const { localize, file, existing, isReadOnly } = view
  const { displayName, openLink } = view.shared
  const name = displayName(file?.name ?? existing?.name ?? '')
  const link = !file && existing?.url ? openLink(localize, name, existing.url) : nothing
  if (isReadOnly) return link
  return html`
    ${browseButton(view, name)} ${link} ${retryButton(view, name)}
    ${name ? removeButton(view, name) : nothing}
  `
}

function browseButton({ localize, isLocked }: FieldContent, name: string): TemplateResult {
  const action = localize.text(name ? 'change' : 'chooseFile')
  return html`<button
    type="button"
    class="browse"
    part="browse-button"
    aria-label=${name ? localize.text('actionOn', { action, name }) : nothing}
    aria-describedby=${name ? nothing : 'hint'}
    ?disabled=${isLocked}
  >
    ${action}
  </button>`
}

function retryButton(view: FieldContent, name: string): TemplateResult | typeof nothing {
  const { localize, file, isLocked: isDisabled } = view
  const { iconButton, retryIcon } = view.shared
  const isOver = file?.status === 'failed' || file?.status === 'cancelled'
  if (!isOver || file.isLost) return nothing
  const run = () => view.retry(file.id)
  return iconButton(localize, name, { key: 'retry', icon: retryIcon, run, isDisabled })
}

/** Removes the file, cancels its upload, or keeps the existing file that was removed. */
function removeButton(view: FieldContent, name: string): TemplateResult {
  const { localize, file, isRemoved, isLocked: isDisabled, remove: run } = view
  const { closeIcon, iconButton } = view.shared
  if (!file && isRemoved) return iconButton(localize, name, { key: 'keep', run, isDisabled })
  const isOver = ['uploaded', 'failed', 'cancelled'].includes(file?.status ?? 'uploaded')
  const key = isOver ? 'remove' : 'cancel'
  return iconButton(localize, name, { key, icon: closeIcon, run, isDisabled })
}
