import type { FileWithStatus, UploadEngine, UploadError } from '../../../engine/index.ts'
import type { StringKey, Values } from '../../../i18n/strings.ts'
import type { LinkFormat } from '../../base/shown.ts'
import { copyText } from './copy-text.ts'
import { formatLinks } from './format-links.ts'
import type { LinkState } from './link-state.ts'

/** How long a button says "Copied", in ms. */
const SHOWN_FOR = 2_000

/** The list, with code that it has already: this module is loaded later and imports none of it. */
export interface LinkHost {
  state: LinkState
  engine: () => UploadEngine | undefined
  text: (key: StringKey, values?: Values) => string
  displayName: (name: string) => string
  hasExpired: (file: FileWithStatus<'uploaded'>) => boolean
  /** How long the link of a file is valid, in words. */
  expiryOf: (id: string) => string
  /** Called when the state has changed. */
  changed: () => void
}

type Linked = FileWithStatus<'uploaded'> & { downloadUrl: string }

/** Copies, renews and shares the links of a list. */
export class LinkActions {
  readonly #host: LinkHost
  readonly #state: LinkState
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Ids of the files that are being removed. */
  readonly #discarding = new Set<string>()

  constructor(host: LinkHost) {
    this.#host = host
    this.#state = host.state
  }

  /** Copies the link of a file. Renews it first if it has expired. */
  async copy(id: string): Promise<void> {
    const file = this.#linked().find((each) => each.id === id)
    if (!file) return
    const link = this.#host.hasExpired(file) ? this.#renewed(id) : file.downloadUrl
    await this.#copy(id, link, () => this.#say('linkCopied'))
  }

  /** Copies all links. Renews the expired ones first. */
  async copyAll(format: LinkFormat): Promise<void> {
    let count = 0
    const write = async () => {
      const expired = this.#linked().filter(this.#host.hasExpired)
      await Promise.all(expired.map(({ id }) => this.#renewed(id)))
      const files = this.#linked()
      count = files.length
      return formatLinks(files.map(this.#entry), format)
    }
    await this.#copy(format, write(), () => this.#say('linksCopied', { count }))
  }

  async renew(id: string): Promise<void> {
    if (this.#state.renewing.has(id)) return
    await this.#renewed(id).then(
      () => this.#tell(this.#host.expiryOf(id)),
      () => this.#say('linkNotRenewed'),
    )
  }

  /** Has the object of a file removed. If that fails, the file stays in the list. */
  async discard(engine: UploadEngine, id: string): Promise<void> {
    const name = this.#host.displayName(engine.file(id)?.name ?? '')
    if (this.#discarding.has(id)) return
    this.#discarding.add(id)
    await engine.discard(id).catch(() => this.#complain('notDiscarded', { name }))
    this.#discarding.delete(id)
  }

  share(id: string): void {
    const file = this.#linked().find((each) => each.id === id)
    if (!file) return
    const sheet = { title: this.#host.displayName(file.name), url: file.downloadUrl }
    // `share` also rejects when the sheet is closed.
    navigator.share(sheet).catch(() => {})
  }

  /** The uploaded files that have a link. */
  #linked(): Linked[] {
    const files = this.#host.engine()?.files ?? []
    return files.filter((file) => file.status === 'uploaded' && file.downloadUrl) as Linked[]
  }

  #entry = ({
    name,
    size,
    type,
    key,
    downloadUrl: url,
    downloadUrlExpiresAt: expires,
  }: Linked) => ({
    ...{ name: this.#host.displayName(name), size, type, key, url, expires },
  })

  async #copy(what: string, text: string | Promise<string>, tell: () => void): Promise<void> {
    try {
      if (!(await copyText(text))) return this.#complain('notCopied')
      this.#state.copied = what
      tell()
    } catch {
      // The row shows why one link was not renewed. For all links there is no row.
      if (this.#state.notRenewed.has(what)) this.#say('linkNotRenewed')
      else this.#complain('linkNotRenewed')
    }
  }

  /** Renews the link of a file. Its row shows an error. */
  async #renewed(id: string): Promise<string> {
    const { renewing, notRenewed } = this.#state
    renewing.add(id)
    notRenewed.delete(id)
    this.#host.changed()
    try {
      return (await this.#host.engine()?.renewLink(id)) ?? ''
    } catch (error) {
      notRenewed.set(id, error as UploadError)
      throw error
    } finally {
      renewing.delete(id)
      this.#host.changed()
    }
  }

  #complain(key: StringKey, values?: Values): void {
    this.#say(key, values)
    this.#state.isProblem = true
  }

  #say(key: StringKey, values: Values = {}): void {
    this.#tell(this.#host.text(key, values))
  }

  #tell(text: string): void {
    const state = this.#state
    state.message = text
    state.isProblem = false
    this.#host.changed()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      state.copied = ''
      // Cleared, so that a screen reader reads the same text again. A problem stays visible.
      if (!state.isProblem) state.message = ''
      this.#host.changed()
    }, SHOWN_FOR)
  }
}
