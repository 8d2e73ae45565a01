import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { UploadEngine } from '../../../engine/index.ts'
import type { StringKey } from '../../../i18n/strings.ts'
import type { Binding, EngineElement } from '../../base/engine-element.ts'
import { displayName } from '../../parts/file-name.ts'
import { describeExpiry, hasExpired } from '../../parts/link-expiry.ts'
import { progressBarStyles } from '../../parts/progress-bar.styles.ts'
import { RateEstimate } from '../../parts/rate-estimate.ts'
import { RedrawTimer } from '../../parts/redraw-timer.ts'
import { rowStyles } from '../../parts/row.styles.ts'
import { View } from '../view.ts'
import { fileRow, type RowView } from './file-row.ts'
import type { LinkFormat } from './format-links.ts'
import type { LinkActions } from './link-actions.ts'
import { LinkState } from './link-state.ts'
import { listStyles } from './list.styles.ts'
import { LongList } from './long-list.ts'
import { RowFocus } from './row-focus.ts'
import { RowPictures } from './row-pictures.ts'
import type { PlacedRow } from './virtual-rows.ts'

const FORMATS = { text: 'asText', markdown: 'asMarkdown', csv: 'asCsv' } as const satisfies Record<
  LinkFormat,
  StringKey
>

type ListHost = EngineElement & { layout: 'list' | 'grid' }

/** What a list shows. */
export class ListView extends View<ListHost> {
  readonly #redrawTimer: RedrawTimer
  readonly #long: LongList
  readonly #pictures: RowPictures
  readonly #links = new LinkState()
  #linkActions: Promise<LinkActions> | undefined
  /** Whether a file has a link: most signers return one for all files or for none. */
  #hasLinks = false
  #estimates = new Map<string, RateEstimate>()
  /** For which engine and layout the list was drawn. */
  #drawn: { engine?: UploadEngine | undefined; layout?: 'list' | 'grid' } = {}

  constructor(host: ListHost, binding: Binding) {
    super(host, binding)
    this.#redrawTimer = new RedrawTimer(host)
    this.#long = new LongList(host)
    this.#pictures = new RowPictures(host)
    new RowFocus(host)
  }

  override get styles(): CSSResult[] {
    return [progressBarStyles, rowStyles, listStyles]
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
    const { notRenewed } = this.#links
    for (const id of notRenewed.keys()) if (!engine?.file(id)) notRenewed.delete(id)
  }

  override rendered(): void {
    // Loaded ahead, so that a press on a button does not wait for it.
    if (this.#hasLinks) this.#loadLinks().catch(() => {})
  }

  override render(): TemplateResult | typeof nothing {
    const { engine } = this
    if (!engine || engine.ids.length === 0) return nothing
    const rows = this.#long.choose(engine.ids)
    this.#hasLinks ||= rows.some(({ id }) => {
      const file = engine.file(id)
      return file?.status === 'uploaded' && file.downloadUrl
    })
    const { isLong, extent, hidden } = this.#long
    const { message, isProblem } = this.#links
    const layout = this.host.layout === 'grid' ? 'grid' : 'rows'
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
        ${this.#rows(engine, rows)}
      </ul>
      ${hidden > 0 ? html`<p class="more">${this.localize.text('moreRejected', { count: hidden })}</p>` : nothing}
      ${this.#copyLinks(engine)}
      <div class=${isProblem ? 'problem' : 'visually-hidden'} role="status">${message}</div>
    `
  }

  #rows(engine: UploadEngine, rows: PlacedRow[]) {
    const view = this.#view(engine)
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
    const { renewing, notRenewed, copied } = this.#links
    return {
      ...{ localize: this.localize, redrawTimer: this.#redrawTimer, renewing, notRenewed, copied },
      isTile: this.host.layout === 'grid',
      isReadOnly: this.owner?.readOnly ?? false,
      count: this.#long.isLong ? engine.ids.length : undefined,
      picture: (id) => this.#pictures.of(id),
      rate: ({ id, loaded, size }) => {
        const estimate = before.get(id) ?? new RateEstimate()
        this.#estimates.set(id, estimate)
        const rate = estimate.update(loaded, size, now)
        this.#redrawTimer.after(estimate.changesIn)
        return rate
      },
      actions: {
        cancel: (id) => engine.cancel(id),
        pause: (id) => engine.pause(id),
        resume: (id) => engine.resume(id),
        retry: (id) => engine.retry(id),
        remove: (id) => this.#remove(engine, id),
        copy: (id) => this.#withLinks((links) => links.copy(id)),
        renew: (id) => this.#withLinks((links) => links.renew(id)),
        share: (id) => this.#withLinks((links) => links.share(id)),
      },
    }
  }

  /** Three buttons rather than a menu: each is one press away. */
  #copyLinks(engine: UploadEngine): TemplateResult | typeof nothing {
    if (engine.counts.uploaded < 2 || !this.#hasLinks) return nothing
    const { localize } = this
    return html`
      <div class="links" part="copy-links" role="group" aria-labelledby="links">
        <span id="links">${localize.text('copyLinks')}</span>
        ${(Object.keys(FORMATS) as LinkFormat[]).map((format) => {
          const isCopied = this.#links.copied === format
          return html`<button
            type="button"
            id=${format}
            aria-labelledby="links ${format}"
            @click=${() => this.#withLinks((links) => links.copyAll(format))}
          >${localize.text(isCopied ? 'copied' : FORMATS[format])}</button>`
        })}
      </div>
    `
  }

  async #withLinks(run: (links: LinkActions) => unknown): Promise<void> {
    try {
      run(await this.#loadLinks())
    } catch {
      // The next press tries again: there may be a connection then.
      this.#linkActions = undefined
      this.#links.message = this.localize.text('notCopied')
      this.#links.isProblem = true
      this.host.requestUpdate()
    }
  }

  /** Loads the code for links, once. */
  #loadLinks(): Promise<LinkActions> {
    this.#linkActions ??= import('./link-actions.ts').then(
      (module) =>
        new module.LinkActions({
          ...{ state: this.#links, displayName, hasExpired },
          engine: () => this.engine,
          text: (key, values) => this.localize.text(key, values),
          expiryOf: (id) => {
            const file = this.engine?.file(id)
            return file?.status === 'uploaded' ? describeExpiry(file, this.localize)[0] : ''
          },
          changed: () => this.host.requestUpdate(),
        }),
    )
    return this.#linkActions
  }

  #remove(engine: UploadEngine, id: string): void {
    engine.remove(id)
    if (engine.ids.length > 0) return
    this.host.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
  }
}
