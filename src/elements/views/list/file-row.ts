import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../../engine/index.ts'
import type { Localize } from '../../../i18n/localize.ts'
import { type DetailView, detail } from '../../parts/file-detail.ts'
import { kindOf } from '../../parts/file-kind.ts'
import { displayName, fileName } from '../../parts/file-name.ts'
import { kindIcons } from '../../parts/icons.ts'
import { progressBar } from '../../parts/progress-bar.ts'
import { type ButtonsView, rowButtons } from './row-buttons.ts'

/** How rows are drawn. */
export interface RowView extends ButtonsView, DetailView {
  localize: Localize
  isTile: boolean
  /** The thumbnail of a file, if there is one. */
  picture: (id: string) => HTMLCanvasElement | undefined
  /** Number of files in the list, if not all of them are drawn. */
  count: number | undefined
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
  return html`
    <li
      class="row ${file.status}"
      part="file"
      data-id=${file.id}
      aria-setsize=${view.count ?? nothing}
      aria-posinset=${view.count === undefined ? nothing : index + 1}
      .style=${place}
    >
      <span class="kind" part="thumbnail">${view.picture(file.id) ?? kindIcons[kindOf(file)]}</span>
      <div class="main">${fileName(file.name)}${detail(file, view)}</div>
      <div class="actions">${rowButtons(file, name, view)}</div>
      ${progressBar(file, name, view.localize)}
    </li>
  `
}
