import type { SignedResponse } from '../../protocol/index.ts'
import { UploadError } from '../api/errors.ts'
import type { FileLink, FileWithStatus } from '../api/file.ts'
import type { SignerClient, SignerQuestion } from '../signer/signer-client.ts'

const NOTHING_TO_ASK_WITH =
  'The signer told neither a grant nor a key, with which a new link could be asked for.'

type LinkQuestion = Extract<SignerQuestion, { op: 'link' }>

/**
 * Gets the links to uploaded files. Keeps the grants that new ones are asked for with: they are in no
 * snapshot, so that nobody stores or sends them by mistake.
 */
export class LinkRenewer {
  readonly #signer: SignerClient
  /** Wished lifetime, in seconds. */
  readonly #expiresIn: () => number | undefined
  readonly #grants = new Map<string, string>()
  readonly #renewals = new Map<string, Promise<FileLink>>()

  constructor(signer: SignerClient, expiresIn: () => number | undefined) {
    this.#signer = signer
    this.#expiresIn = expiresIn
  }

  /** Remembers by what a file's link can be renewed. */
  keep(id: string, { grant }: SignedResponse): void {
    if (grant) this.#grants.set(id, grant)
  }

  forget(id: string): void {
    this.#grants.delete(id)
  }

  /**
   * The link that came with the upload, or a new one where that is missing, has run out during a long
   * upload, or should live for a time of the page's choosing.
   */
  async first(signed: SignedResponse, name: string): Promise<FileLink> {
    const { grant, downloadUrl, downloadExpiresAt } = signed
    const isFresh = !downloadExpiresAt || Date.parse(downloadExpiresAt) > Date.now()
    const isWanted = this.#expiresIn() === undefined
    if (!grant || (downloadUrl && isFresh && isWanted)) return linkIn(signed)
    try {
      return await this.#ask({ op: 'link', grant }, name)
    } catch {
      // The file is in the bucket: that a link could not be made must not make it a failure.
      return linkIn(isFresh ? signed : {})
    }
  }

  /**
   * A new link. Asked twice at the same time, it is the same one.
   *
   * @throws {UploadError} when the signer gives none
   */
  renew(file: FileWithStatus<'uploaded'>): Promise<FileLink> {
    const { id } = file
    const running = this.#renewals.get(id)
    if (running) return running
    const renewal = this.#renew(file).finally(() => this.#renewals.delete(id))
    this.#renewals.set(id, renewal)
    return renewal
  }

  async #renew({ id, key, name }: FileWithStatus<'uploaded'>): Promise<FileLink> {
    const grant = this.#grants.get(id)
    const byKey = key === null ? undefined : ({ op: 'link', key } as const)
    try {
      if (grant) return await this.#ask({ op: 'link', grant }, name)
    } catch (error) {
      // A grant lasts for a day; after that the key may do, for somebody who is signed in.
      const isOver = error instanceof UploadError && error.code === 'invalid-grant'
      if (!isOver || !byKey) throw error
    }
    if (byKey) return this.#ask(byKey, name)
    throw new UploadError('signer-refused', name, { said: NOTHING_TO_ASK_WITH })
  }

  async #ask(question: LinkQuestion, name: string): Promise<FileLink> {
    const expiresIn = this.#expiresIn()
    const wish = expiresIn === undefined ? {} : { expiresIn }
    return linkIn(await this.#signer.ask({ ...question, ...wish }, name))
  }
}

function linkIn({ downloadUrl, downloadExpiresAt }: Partial<SignedResponse>): FileLink {
  return {
    downloadUrl: downloadUrl ?? null,
    downloadUrlExpiresAt: downloadExpiresAt ? new Date(downloadExpiresAt) : null,
  }
}
