import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { FileSnapshot, UploadEngine } from '../../../engine/index.ts'
import { addEnglish } from '../../../i18n/localize.ts'
import type { Binding, EngineElement } from '../../base/engine-element.ts'
import { openPicker, takePicked } from '../../base/pick-files.ts'
import { type ShownSettings, shownBy } from '../../base/shown.ts'
import { lazyPart } from '../../lazy/lazy-part.ts'
import { iconButton } from '../../parts/buttons.ts'
import { displayName } from '../../parts/file-name.ts'
import { addIcon } from '../../parts/icons.ts'
import { progressBarStyles } from '../../parts/progress-bar.styles.ts'
import { RateEstimate } from '../../parts/rate-estimate.ts'
import { RedrawTimer } from '../../parts/redraw-timer.ts'
import { rowStyles } from '../../parts/row.styles.ts'
import { badgeStyles } from '../badge.styles.ts'
import { controlStyles } from '../control.styles.ts'
import type { RowFields } from '../fields/row-fields.ts'
import { LinkSource } from '../links/link-source.ts'
import type { RowOrder } from '../order/row-order.ts'
import { addingOwner, clearList, hasFields, View } from '../view.ts'
import { fileRow, type RowView } from './file-row.ts'
import { FoldedRows } from './folded-rows.ts'
import { galleryStyles } from './gallery.styles.ts'
import { listStyles } from './list.styles.ts'
import { LongList } from './long-list.ts'
import type { RowActions } from './row-buttons.ts'
import { RowFocus } from './row-focus.ts'
import { RowPictures } from './row-pictures.ts'
import type { PlacedRow } from './virtual-rows.ts'

/** An upload is shown after so many ms, so that small files do not flash. */
const CALM = 400

/** How a list shows its files. */
export type ListLayout = 'list' | 'grid' | 'gallery'

type ListHost = EngineElement & ShownSettings & { layout: ListLayout }

/** What a list shows. */
export class ListView extends View<ListHost> {
  readonly #redrawTimer: RedrawTimer
  readonly #long: LongList
  readonly #folded: FoldedRows
  readonly #pictures: RowPictures
  readonly #links: LinkSource
  readonly #order: () => RowOrder | undefined
  readonly #fields: () => RowFields | undefined
  /** Whether a file has a link: most signers return one for all files or for none. */
  #hasLinks = false
  #estimates = new Map<string, RateEstimate>()
  /** When uploads were first drawn that had sent nothing by then, in ms. */
  #begun = new Map<string, number>()
  /** The file to put another one in place of. */
  #wanted = ''
  /** For which engine and layout the list was drawn. */
  #drawn: { engine?: UploadEngine | undefined; layout?: ListLayout } = {}

  constructor(host: ListHost, binding: Binding) {
    super(host, binding)
    this.#redrawTimer = new RedrawTimer(host)
    this.#long = new LongList(host)
    this.#folded = new FoldedRows(host)
    this.#pictures = new RowPictures(host)
    this.#links = new LinkSource(host, binding.localize)
    this.#order = lazyPart(host, async () => {
      const { RowOrder } = await import('../order/row-order.ts')
      const { localize, owner } = binding
      const { state } = this.#links
      return new RowOrder({ host, localize, owner, state, addEnglish, iconButton, displayName })
    })
    this.#fields = lazyPart(host, async () => {
      const { RowFields } = await import('../fields/row-fields.ts')
      return new RowFields({ host, owner: binding.owner, displayName })
    })
    new RowFocus(host)
  }

  override get styles(): CSSResult[] {
    return [controlStyles, progressBarStyles, rowStyles, badgeStyles, listStyles, galleryStyles]
  }

  override willRender(): void {
    const { engine } = this
    const { layout } = this.host
    if (engine !== this.#drawn.engine) this.#hasLinks = false
    if (layout !== this.#drawn.layout) {
      this.#long.reset()
      this.#pictures.reset()
    }
    this.#drawn = { engine, layout }
    this.#links.tidy()
  }

  override rendered(): void {
    if (this.#hasLinks) this.#links.prepare()
  }

  override render(): TemplateResult | typeof nothing {
    const { engine } = this
    if (!engine || engine.ids.length === 0) return nothing
    const layout = this.#layout
    const { isMovable } = shownBy(this.host, this.owner)
    const order = isMovable ? this.#order() : undefined
    // Who puts files in order sees all of them.
    const folds = layout === 'rows' && !isMovable
    const ids = folds ? this.#folded.choose(engine) : engine.ids
    const rows = this.#long.choose(ids)
    const fields = hasFields(this.host, this.owner) ? this.#fields() : undefined
    const view = { ...this.#view(engine), order, fields }
    this.#hasLinks ||= view.links !== 'none' && rows.some(({ id }) => hasLink(engine.file(id)))
    const { isLong, extent, hidden } = this.#long
    const { message, isProblem } = this.#links.state
    const classes = ['list', layout, isLong && 'long', extent !== undefined && 'placed']
    return html`
      <ul
        class=${classes.filter(Boolean).join(' ')}
        part="list"
        role="list"
        aria-label=${this.localize.text('files')}
        tabindex=${isLong ? 0 : nothing}
        .style=${extent === undefined ? '' : `--_extent:${extent}px`}
      >
        ${this.#rows(engine, rows, view)} ${isLong ? nothing : this.#addTile()}
      </ul>
      ${folds ? this.#foldBar(engine) : nothing}
      ${hidden > 0 ? html`<p class="more">${this.localize.text('moreRejected', { count: hidden })}</p>` : nothing}
      <div class=${isProblem ? 'problem' : 'visually-hidden'} role="status">${message}</div>
      <input type="file" hidden tabindex="-1" @change=${this.#pick} />
    `
  }

  get #layout(): 'rows' | 'grid' | 'gallery' {
    const { layout } = this.host
    return layout === 'grid' || layout === 'gallery' ? layout : 'rows'
  }

  #rows(engine: UploadEngine, rows: PlacedRow[], view: RowView) {
    return repeat(
      rows,
      ({ id }) => id,
      ({ id, index, place }) => {
        const file = engine.file(id)
        return file ? fileRow(file, view, index, place) : nothing
      },
    )
  }

  #view(engine: UploadEngine): RowView {
    const [before, now] = [this.#estimates, performance.now()]
    // Keeps only those of the drawn rows.
    this.#estimates = new Map()
    const { renewing, notRenewed, copied } = this.#links.state
    const { links, isShort } = shownBy(this.host, this.owner)
    return {
      ...{ localize: this.localize, redrawTimer: this.#redrawTimer, renewing, notRenewed, copied },
      ...{ links, isShort: isShort || this.#layout !== 'rows' },
      isTile: this.#layout !== 'rows',
      isReadOnly: this.owner?.readOnly ?? false,
      isSingle: addingOwner(this.host, this.owner)?.limit === 1,
      count: this.#long.isLong ? engine.ids.length : undefined,
      picture: (id) => this.#pictures.of(id),
      hasNoPicture: (id) => this.#pictures.hasNone(id),
      isEarly: (file) => this.#isEarly(file, now),
      rate: ({ id, loaded, size, isGrowing }) => {
        const estimate = before.get(id) ?? new RateEstimate()
        this.#estimates.set(id, estimate)
        const rate = isGrowing
          ? estimate.update(size, undefined, now)
          : estimate.update(loaded, size, now)
        this.#redrawTimer.after(estimate.changesIn)
        return rate
      },
      actions: this.#rowActions(engine),
    }
  }

  #rowActions(engine: UploadEngine): RowActions {
    return {
      cancel: (id) => engine.cancel(id),
      pause: (id) => engine.pause(id),
      resume: (id) => engine.resume(id),
      retry: (id) => engine.retry(id),
      remove: (id) => this.#remove(engine, id),
      copy: (id) => this.#links.run((links) => links.copy(id)),
      renew: (id) => this.#links.run((links) => links.renew(id)),
      share: (id) => this.#links.run((links) => links.share(id)),
      choose: (id) => this.#choose(id),
      change: () => this.owner?.browse?.(),
    }
  }

  /** Whether an upload has begun so recently that it may be over before anyone can read about it. */
  #isEarly({ id, status, ...file }: FileSnapshot, now: number): boolean {
    if (status !== 'uploading' && status !== 'finalizing') {
      this.#begun.delete(id)
      return false
    }
    const hasSent = 'loaded' in file && file.loaded > 0
    const begun = this.#begun.get(id) ?? (hasSent ? Number.NEGATIVE_INFINITY : now)
    this.#begun.set(id, begun)
    const left = begun + CALM - now
    if (left > 0) this.#redrawTimer.after(left)
    return left > 0
  }

  #foldBar(engine: UploadEngine): TemplateResult | typeof nothing {
    if (!this.#folded.isNeeded(engine)) return nothing
    const { isOpen } = this.#folded
    const { localize } = this
    const count = engine.ids.length
    const toggle = () => {
      this.#folded.isOpen = !isOpen
      this.host.requestUpdate()
    }
    const isOver = engine.progress.active === 0
    return html`<div class="fold">
      <button type="button" class="plain" aria-expanded=${isOpen} @click=${toggle}>
        ${isOpen ? localize.text('showFewer') : localize.text('showAll', { count })}
      </button>
      ${
        isOver && !this.owner?.isLocked
          ? html`<button type="button" class="plain clear" @click=${() => clearList(this.host)}>
              ${localize.text('clear')}
            </button>`
          : nothing
      }
    </div>`
  }

  /** The last tile of a gallery, which adds files. */
  #addTile(): TemplateResult | typeof nothing {
    const owner = addingOwner(this.host, this.owner)
    if (this.#layout !== 'gallery' || !owner || owner.limit === 1) return nothing
    return html`<li class="add-tile">
      <button type="button" part="add-button" @click=${() => owner.browse?.()}>
        ${addIcon}<span>${this.localize.text('add')}</span>
      </button>
    </li>`
  }

  #choose(id: string): void {
    this.#wanted = id
    const input = this.host.renderRoot.querySelector('input')
    const accept = this.owner?.accept ?? this.engine?.options.accept
    if (input) openPicker(input, { accept, multiple: false, directory: false, capture: undefined })
  }

  #pick = (event: Event): void => {
    const files = takePicked(event.target as HTMLInputElement)
    if (files.length === 0) return
    this.engine?.remove(this.#wanted)
    const target = this.owner?.add ? this.owner : this.engine
    target?.add?.(files)
  }

  async #remove(engine: UploadEngine, id: string): Promise<void> {
    const file = engine.file(id)
    if (file?.status === 'uploaded' && file.mayDiscard) {
      await this.#links.run((links) => links.discard(engine, id))
    } else engine.remove(id)
    if (engine.ids.length > 0) return
    this.host.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
  }
}

function hasLink(file: FileSnapshot | undefined): boolean {
  return file?.status === 'uploaded' && Boolean(file.downloadUrl)
}
