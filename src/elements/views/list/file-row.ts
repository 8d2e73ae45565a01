import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../../engine/index.ts'
import type { Localize } from '../../../i18n/localize.ts'
import type { LinksShown } from '../../base/shown.ts'
import { type DetailView, detail } from '../../parts/file-detail.ts'
import { kindOf } from '../../parts/file-kind.ts'
import { displayName, fileName } from '../../parts/file-name.ts'
import { kindIcons, resumeIcon } from '../../parts/icons.ts'
import { progressBar } from '../../parts/progress-bar.ts'
import type { RowFields } from '../fields/row-fields.ts'
import type { RowOrder } from '../order/row-order.ts'
import { badge } from './badge.ts'
import { type ButtonsView, changeButton, cureButton, rowButtons } from './row-buttons.ts'

/** How rows are drawn. */
export interface RowView extends ButtonsView, DetailView {
  localize: Localize
  links: LinksShown
  isTile: boolean
  isEarly: (file: FileSnapshot) => boolean
  /** The thumbnail of a file, if there is one. */
  picture: (id: string) => HTMLCanvasElement | undefined
  /** Whether the browser cannot decode a file. */
  hasNoPicture: (id: string) => boolean
  /** Number of files in the list, if not all of them are drawn. */
  count: number | undefined
  /** What moves rows, if people may. */
  order?: RowOrder | undefined
  /** What shows the page's fields, if there are any. */
  fields?: RowFields | undefined
}

/**
 * One file of the list, as a row or tile.
 *
 * @param index in the list of all files, from 0
 * @param place CSS declarations with its position
 */
export function fileRow(
  file: FileSnapshot,
  view: RowView,
  index: number,
  place: string,
): TemplateResult {
  const name = displayName(file.name)
  const picture = view.picture(file.id)
  return html`
    <li
      class="row ${file.status} ${picture ? 'pictured' : ''}"
      part="file"
      data-id=${file.id}
      aria-setsize=${view.count ?? nothing}
      aria-posinset=${view.count === undefined ? nothing : index + 1}
      .style=${place}
    >
      ${view.order?.handle(file, name)}
      <span class="kind" part="thumbnail">
        ${face(file, picture, view)}${badge(file)}
      </span>
      <div class="main">
        ${fileName(file.name)}
        ${state(file, name, view)}
        ${view.isEarly(file) ? nothing : progressBar(file, name, view.localize)}
      </div>
      ${view.order?.buttons(file, name, index)}
      <div class="actions">${rowButtons(file, name, view)}</div>
      ${view.fields?.row(file)}
    </li>
  `
}

/** The picture of a file; or what it is, as letters or an icon. */
function face(file: FileSnapshot, picture: HTMLCanvasElement | undefined, view: RowView) {
  const kind = kindOf(file)
  if (picture) {
    return kind === 'video' ? html`${picture}<span class="play">${resumeIcon}</span>` : picture
  }
  const [, extension] = /\.(\w{2,5})$/.exec(file.name) ?? []
  return extension && view.hasNoPicture(file.id)
    ? html`<span class="letters" aria-hidden="true">${extension.toUpperCase()}</span>${kindIcons[kind]}`
    : kindIcons[kind]
}

/** The state in words, and beside them what helps. */
function state(file: FileSnapshot, name: string, view: RowView): TemplateResult {
  const buttons = [cureButton(file, name, view), changeButton(file, name, view)]
  const words = detail(file, view)
  return buttons.every((it) => it === nothing)
    ? words
    : html`<div class="state">${words}${buttons}</div>`
}
