import { type CSSResult, html, type TemplateResult } from 'lit'
import type { FileSnapshot, UploadEngine } from '../../../engine/index.ts'
import type { Binding, EngineElement } from '../../base/engine-element.ts'
import type { ExistingFiles, RestoredFile } from '../../base/existing-files.ts'
import { restrictionsHint } from '../../parts/restrictions-hint.ts'
import type { Shown } from '../view.ts'
import { fieldStyles } from './field.styles.ts'
import { type FieldContent, fieldContent, type SharedViews } from './field-content.ts'

/** Width and height of the canvas in pixels: about twice its size on the page. */
const PICTURE_SIZE = 160
/** Up to this ratio of width to height, an image is as sharp as the canvas can show it. */
const WIDEST = 6

/** The field, as its view needs it. */
export interface FieldHost extends EngineElement {
  readonly engine: UploadEngine
  readonly kind: 'avatar' | 'document'
  readonly hint: string | undefined
  readonly accept: string | undefined
  readonly readOnly: boolean
  readonly isLocked: boolean
  readonly existingFiles: ExistingFiles
  retry(id: string): void
}

/** What the field shows, and how it is removed. */
export interface FieldSource {
  file: () => FileSnapshot | undefined
  existing: () => RestoredFile | undefined
  remove: () => void
  /** Not imported: it may have been loaded by another address, and would be loaded again. */
  shared: SharedViews
}

/** What the drop zone of a field shows: the file, its picture and its buttons. */
export class FieldView implements Shown {
  readonly #host: FieldHost
  readonly #binding: Binding
  readonly #source: FieldSource
  /** The file to draw. */
  #toDraw: File | undefined
  /** The file whose picture is on the canvas. */
  #drawn: File | undefined
  /** URL of an image that could not be loaded. */
  #broken = ''

  constructor(host: FieldHost, binding: Binding, source: FieldSource) {
    this.#host = host
    this.#binding = binding
    this.#source = source
  }

  get styles(): CSSResult[] {
    const { controlStyles, progressBarStyles, rowStyles } = this.#source.shared
    return [controlStyles, progressBarStyles, rowStyles, fieldStyles]
  }

  render(): TemplateResult {
    const content = this.#content
    const { file, existing } = content
    return html`
      <div class="field ${file?.status ?? (existing ? '' : 'empty')}" @click=${this.#click}>
        ${fieldContent(content)}
      </div>
    `
  }

  rendered(): void {
    void this.#draw(this.#source.file()?.file)
  }

  get #content(): FieldContent {
    const host = this.#host
    const { localize } = this.#binding
    const [file, existing] = [this.#source.file(), this.#source.existing()]
    return {
      shared: this.#source.shared,
      localize,
      file,
      existing,
      isRemoved: existing !== undefined && host.existingFiles.isRemoved(existing),
      isReadOnly: host.readOnly,
      isLocked: host.isLocked,
      isAvatar: host.kind === 'avatar',
      hint:
        host.hint ?? restrictionsHint(localize, host.accept, host.engine.options.maxSize, false),
      isDrawn: file !== undefined && file.file === this.#drawn,
      broken: this.#broken,
      pictureFailed: (url) => {
        this.#broken = url
        host.requestUpdate()
      },
      retry: (id) => host.retry(id),
      remove: this.#source.remove,
    }
  }

  /** A click next to the buttons opens the dialog: the drop zone does that. */
  #click = (event: Event): void => {
    const button = (event.target as Element).closest('button, a')
    if (button && !button.classList.contains('browse')) event.stopPropagation()
  }

  async #draw(file: File | undefined): Promise<void> {
    if (file === this.#toDraw) return
    this.#toDraw = file
    const canvas = this.#host.renderRoot.querySelector('canvas')
    if (!file?.type.startsWith('image/') || !canvas) return
    try {
      const { decode, drawMiddle } = await import('../../parts/pictures/thumbnails.ts')
      // Larger than the canvas, since a wide image is cut at its sides: no pixel is enlarged.
      const image = await decode(file, PICTURE_SIZE * WIDEST, 'high')
      if (!image) return
      if (file === this.#toDraw) {
        drawMiddle(image, canvas, PICTURE_SIZE, PICTURE_SIZE)
        this.#drawn = file
        this.#host.requestUpdate()
      }
      image.close()
    } catch {
      // The browser cannot decode it, or the code for it did not arrive: the icon stays.
    }
  }
}
