import { nothing, type PropertyDeclarations } from 'lit'
import { baseStyles } from '../base/base.styles.ts'
import { containerStyles } from '../lazy/host.styles.ts'
import { incomplete } from '../lazy/incomplete.ts'
import { views } from '../lazy/lazy-module.ts'
import { LazyView } from '../lazy/lazy-view.ts'
import { ViewElement } from '../lazy/view-element.ts'

/**
 * The files of an upload, each with its state, progress, link and buttons.
 *
 * ```html
 * <bucket-upload-list for="attachments" layout="grid"></bucket-upload-list>
 * ```
 *
 * With more than 50 files the list scrolls, and only the visible rows are in the page.
 *
 * @summary Lists the files of an upload.
 * @tag bucket-upload-list
 *
 * @slot fields - Fields for each file, such as a caption: a `<template>`, or an element. Each row shows a copy.
 *
 * @event {Event} list-emptied - The last file was removed.
 *
 * @csspart list - The list of files.
 * @csspart file - One file of the list.
 * @csspart thumbnail - The thumbnail of a file, or the icon of its kind.
 * @csspart file-name - The name of a file.
 * @csspart detail - The state of a file, in words.
 * @csspart copy-button - The button that copies a link, or renews it.
 * @csspart link - The link to an uploaded file.
 * @csspart badge - The disc on a thumbnail that repeats the state.
 * @csspart handle - The handle that moves a file, with `reorder`.
 * @csspart add-button - The last tile of a gallery, which adds files.
 *
 * @cssproperty {<length>} [--bucket-upload-list-height=24em] - Height of a list with more than 50 files, which scrolls.
 * @cssproperty {<length>} [--bucket-upload-tile-width=10em] - Least width of a tile in a grid.
 */
export class BucketUploadList extends ViewElement {
  static override styles = [baseStyles, containerStyles]

  static override properties: PropertyDeclarations = {
    layout: {},
    links: {},
    linksFormat: { attribute: 'links-format' },
    details: {},
    reorder: { type: Boolean },
  }

  /**
   * Rows (`list`), tiles with larger thumbnails (`grid`), or squares that pictures fill (`gallery`).
   *
   * @default 'list'
   */
  declare layout: 'list' | 'grid' | 'gallery'
  /**
   * What is shown of links: nothing; with `copy`, a button that copies one; with `full`, all that can be
   * done with one. By default as in the element that this one is bound to.
   */
  declare links: 'copy' | 'full' | '' | undefined
  /**
   * How all links are copied: one on a line (`text`), as a Markdown list, or as a CSV table.
   *
   * @default 'text'
   */
  declare linksFormat: 'text' | 'markdown' | 'csv' | undefined
  /** With `full`, sizes and speeds besides how far an upload is. */
  declare details: 'full' | undefined
  /**
   * Whether people can put the files in another order: by a handle that is dragged, by buttons, and by the
   * arrow keys.
   */
  declare reorder: boolean

  protected override readonly view = new LazyView(this, {
    module: views,
    create: ({ ListView }) => new ListView(this, this.binding),
    isNeeded: () => (this.engine?.ids.length ?? 0) > 0,
    otherwise: () => (views.hasFailed ? incomplete(this.localize) : nothing),
  })

  constructor() {
    super()
    this.layout = 'list'
    this.reorder = false
  }
}
