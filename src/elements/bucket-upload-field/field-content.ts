import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import type { StringKey } from '../../i18n/strings.ts'
import type { RestoredFile } from '../base/existing-files.ts'
import { bar, fileName } from '../bucket-upload-list/file-row.ts'
import { displayName } from '../parts/display-name.ts'
import { describe } from '../parts/file-detail.ts'
import { kindOf } from '../parts/file-kind.ts'
import { closeIcon, kindIcons, openIcon, personIcon, retryIcon } from '../parts/icons.ts'

/** What a field for one file shows. */
export interface FieldView {
  localize: Localize
  /** The file of this page: it goes before the existing one. */
  file: FileSnapshot | undefined
  existing: RestoredFile | undefined
  /** The existing file will be removed. */
  isRemoved: boolean
  /** Files are only shown. */
  isReadOnly: boolean
  /** Files cannot be added or removed now. */
  isLocked: boolean
  isAvatar: boolean
  hint: string
  /** The picture of the file is on the canvas. */
  isDrawn: boolean
  /** The address of a picture that could not be loaded. */
  broken: string
  pictureFailed: (url: string) => void
  retry: (id: string) => void
  /** Removes what is shown, or keeps it after all. */
  remove: () => void
}

/** What is in the drop zone of a field for one file: picture, name and state, buttons. */
export function fieldContent(view: FieldView): TemplateResult {
  return html`
    <span class="picture" part="picture">${picture(view)}</span>
    <div class="main">${nameAndState(view)}</div>
    <div class="actions">${actions(view)}</div>
  `
}

function picture(view: FieldView): TemplateResult {
  const { file, isRemoved, isAvatar, isDrawn, broken } = view
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

function nameAndState(view: FieldView): TemplateResult {
  const { localize, file, existing, isRemoved, isLocked, hint } = view
  if (file) {
    return html`
      ${fileName(file.name)}<span class="detail">${describe(file, { localize })}</span>
      ${bar(file, displayName(file.name), localize)}
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

function actions(view: FieldView) {
  const { localize, file, existing, isRemoved, isReadOnly, isLocked, retry, remove } = view
  const name = displayName(file?.name ?? existing?.name ?? '')
  const actionOn = (action: string) => localize.text('actionOn', { action, name })
  const button = (key: StringKey, icon: TemplateResult | undefined, run: () => void) => {
    const action = localize.text(key)
    return html`<button
      type="button"
      class=${icon ? 'icon' : ''}
      aria-label=${actionOn(action)}
      title=${action}
      ?disabled=${isLocked}
      @click=${run}
    >
      ${icon ?? action}
    </button>`
  }
  const link = !file && existing?.url ? openLink(existing.url, localize, actionOn) : nothing
  if (isReadOnly) return link
  const { id = '', status = 'uploaded' } = file ?? {}
  const hasFailed = status === 'failed' || status === 'cancelled'
  const isOver = hasFailed || status === 'uploaded'
  return html`
    ${browseButton(view, name, actionOn)} ${link}
    ${hasFailed ? button('retry', retryIcon, () => retry(id)) : nothing}
    ${
      !name
        ? nothing
        : !file && isRemoved
          ? button('keep', undefined, remove)
          : button(isOver ? 'remove' : 'cancel', closeIcon, remove)
    }
  `
}

function browseButton(
  { localize, isLocked }: FieldView,
  name: string,
  actionOn: (action: string) => string,
) {
  const text = localize.text(name ? 'change' : 'chooseFile')
  return html`<button
    type="button"
    class="browse"
    part="browse-button"
    aria-label=${name ? actionOn(text) : nothing}
    aria-describedby=${name ? nothing : 'hint'}
    ?disabled=${isLocked}
  >
    ${text}
  </button>`
}

function openLink(url: string, localize: Localize, actionOn: (action: string) => string) {
  const open = localize.text('open')
  return html`<a
    class="icon"
    part="link"
    href=${url}
    target="_blank"
    rel="noopener noreferrer"
    aria-label=${actionOn(open)}
    title=${open}
    >${openIcon}</a
  >`
}
