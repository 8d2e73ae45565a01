import type { ProcessingState } from '../../protocol/index.ts'
import { randomId } from '../../util/random-id.ts'
import type { UploadError } from '../api/errors.ts'
import type { FileInfo, FileLink, UploadResult } from '../api/file.ts'
import type { LedgerEvents } from '../files/ledger-events.ts'
import type { Signed } from '../signer/signed.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { SignerSession } from '../signer/signer-session.ts'
import type { ResumeEntry, ResumeStore } from './resume-store.ts'
import type { markShown, shownUploads } from './upload-locks.ts'

/** What {@link Processing} needs of its engine. */
export interface ProcessingContext {
  files: LedgerEvents
  store: ResumeStore
  /** Keeps the grants by which the link of a file is renewed, and the file taken back. */
  links: { keep(id: string, answer: Pick<Signed, 'grant' | 'discardGrant'>): void }
  /** Only files of this scope are noted and found; `undefined` for none. */
  scope: () => string | undefined
  /** Not imported, for the reason that `uploader/tools.ts` gives. */
  linkIn: (answer: Signed) => FileLink
  markShown: typeof markShown
  shownUploads: typeof shownUploads
}

/** The upload after which the site works on a file. */
interface Upload {
  file: FileInfo
  signer: SignerClient
  scope: string
  options: { resume?: boolean | undefined }
}

/** What the signer has said of it. */
interface Begun {
  result: UploadResult
  grant: string | undefined
  processing: ProcessingState | undefined
}

/** A file that the signer is asked about. */
interface Followed {
  file: FileInfo
  result: UploadResult
  grant: string
  signer: SignerClient
  /** Names it in the store; `undefined` if it is not stored. */
  fingerprint: string | undefined
  /** Lets other tabs show it. */
  release: (() => void) | undefined
}

/** The pause before the first question and the longest one, in ms. Each is half as long again. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 15_000
/** How long it is asked, in ms: as long as the grant of our signer lasts. */
const LIFE = 604_800_000
/** After these nobody knows more than before, so that it is asked again. */
const UNKNOWN: UploadError['code'][] = [
  'offline',
  'signer-missing',
  'signer-unreachable',
  'signer-timeout',
  'signer-failed',
  'signer-answer-invalid',
  'unauthorized',
  'rate-limited',
]

/**
 * The files that are stored, and that the site still works on. Asks the signer about all of them together, more
 * seldom as time goes on, and tells the list. Notes them for the next page, since it may take hours.
 */
export class Processing {
  readonly #context: ProcessingContext
  /** By the id of the file. */
  readonly #followed = new Map<string, Followed>()
  #pause = FIRST_PAUSE
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(context: ProcessingContext) {
    this.#context = context
  }

  /** Follows a file that was uploaded just now. */
  begin(upload: Upload, begun: Begun): void {
    const { files, store } = this.#context
    const { file, scope, options } = upload
    const { result, grant = '', processing } = begun
    for (const type of ['start', 'resume', 'sent'] as const) files.applyIfLegal(file, { type })
    const { key, url, etag, receipt } = result
    const isNoted = options.resume !== false && key !== null
    const fingerprint = isNoted ? `processing ${JSON.stringify([scope, key])}` : undefined
    this.#follow(upload, { result, grant, fingerprint }, processing)
    if (fingerprint === undefined) return
    const { name, size, type, path, meta } = file
    void store.put({
      ...{ fingerprint, name, size, type, path, meta, key: key ?? '', grant },
      ...{ partSize: 0, parts: [], lastModified: file.file.lastModified },
      expiresAt: Date.now() + LIFE,
      processing: { scope, url, etag, ...(receipt === undefined ? {} : { receipt }) },
    })
  }

  /** Follows the files of earlier pages that no open tab shows. */
  async resume({ scope, client: signer }: SignerSession): Promise<void> {
    if (this.#context.scope() === undefined) return
    const { store, files, links, shownUploads } = this.#context
    const [entries, shown] = [await store.all(), await shownUploads()]
    const ours = new Set(Array.from(this.#followed.values(), ({ fingerprint }) => fingerprint))
    for (const entry of entries) {
      const { fingerprint, processing, key, grant } = entry
      if (processing?.scope !== scope || shown.has(fingerprint) || ours.has(fingerprint)) continue
      const { scope: _, ...known } = processing
      const file = infoOf(entry)
      files.ledger.add(file)
      // It was told that it started.
      for (const type of ['start', 'sent'] as const) files.ledger.update(file.id, { type })
      links.keep(file.id, { grant })
      const result = { key, ...known, downloadUrl: null, downloadUrlExpiresAt: null }
      this.#follow({ file, signer }, { result, grant, fingerprint }, {})
    }
  }

  /** Asks no more about a file, and forgets it. */
  forget(id: string): void {
    const followed = this.#followed.get(id)
    if (!followed) return
    this.#followed.delete(id)
    followed.release?.()
    if (followed.fingerprint !== undefined) void this.#context.store.delete(followed.fingerprint)
  }

  #follow(
    { file, signer }: Pick<Followed, 'file' | 'signer'>,
    known: Pick<Followed, 'result' | 'grant' | 'fingerprint'>,
    { progress }: ProcessingState = {},
  ): void {
    const { files, markShown } = this.#context
    const { result, fingerprint } = known
    const release = fingerprint === undefined ? undefined : markShown(fingerprint)
    this.#followed.set(file.id, { ...known, file, signer, release })
    files.apply(file.id, { type: 'process', result: { ...result, ...shareOf(progress) } })
    files.emit('processing-started', { ...files.ledger.infoOf(file), ...result })
    this.#pause = FIRST_PAUSE
    this.#askLater()
  }

  #askLater(): void {
    clearTimeout(this.#timer)
    if (this.#followed.size === 0) return
    this.#timer = setTimeout(() => void this.#askAll(), this.#pause)
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 1.5)
  }

  /** What is asked in the same moment is one call. */
  async #askAll(): Promise<void> {
    await Promise.all(Array.from(this.#followed.values(), (it) => this.#ask(it)))
    this.#askLater()
  }

  async #ask(followed: Followed): Promise<void> {
    const { files, links } = this.#context
    const { file, signer, grant, result } = followed
    try {
      const answer = await signer.ask({ op: 'status', grant }, file.name)
      if (this.#followed.get(file.id) !== followed) return
      if (answer.processing) {
        const share = shareOf(answer.processing.progress)
        return files.apply(file.id, { type: 'process', result: { ...result, ...share } })
      }
      this.forget(file.id)
      links.keep(file.id, answer)
      files.succeed(file, this.#resultOf(followed, answer))
    } catch (reason) {
      const error = reason as UploadError
      if (this.#followed.get(file.id) !== followed) return
      if (UNKNOWN.includes(error.code)) {
        this.#pause = Math.max(this.#pause, error.retryAfter)
        return
      }
      this.forget(file.id)
      files.fail(files.ledger.infoOf(file), error)
    }
  }

  /** The file may be elsewhere now, and what was known of its address before may be nothing. */
  #resultOf({ result }: Followed, answer: Signed): UploadResult {
    const link = this.#context.linkIn(answer)
    const { key = result.key } = answer
    const isKnown = key === result.key && result.url.startsWith('http')
    const url = isKnown ? result.url : (link.downloadUrl?.replace(/[?#].*/, '') ?? result.url)
    return { ...result, ...link, key, url }
  }
}

function shareOf(progress: number | undefined): { progress?: number } {
  return progress === undefined ? {} : { progress }
}

/** A file whose bytes are not here: an empty one stands for them, as for a stream. */
function infoOf({ name, size, type, path, meta, lastModified }: ResumeEntry): FileInfo {
  const file = new File([], name, { type, lastModified })
  return { id: randomId(), name, size, type, path, meta, file, isLost: true }
}
