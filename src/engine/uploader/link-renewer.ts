import { UploadError } from '../api/errors.ts'
import type { FileInfo, FileLink, FileWithStatus } from '../api/file.ts'
import { linkExpiry, type Signed } from '../signer/signed.ts'
import type { SignerClient, SignerQuestion } from '../signer/signer-client.ts'

const NOTHING_TO_ASK_WITH =
  'The signer told neither a grant nor a key, with which a new link could be asked for.'

/** The parts of an answer that are about the link. */
type LinkAnswer = Partial<
  Pick<
    Signed,
    | 'grant'
    | 'downloadUrl'
    | 'downloadExpiresAt'
    | 'clockOffset'
    | 'receipt'
    | 'discardGrant'
    | 'data'
    | 'processing'
  >
>
type LinkQuestion = Extract<SignerQuestion, { op: 'link' }>
type Named = Pick<FileInfo, 'id' | 'name'>

/**
 * Gets the links to uploaded files. Keeps the grants that renew them out of the snapshots, so that
 * pages do not store or send them by mistake.
 */
export class LinkRenewer {
  /** The one that the options name now: a page may name another address of the same signer. */
  readonly #signer: () => SignerClient
  /** Requested lifetime, in seconds. */
  readonly #expiresIn: () => number | undefined
  readonly #grants = new Map<string, string>()
  /** By which files can be taken back. Kept for files that left the list: a page may discard them then. */
  readonly #discardGrants = new Map<string, string>()
  readonly #renewals = new Map<string, Promise<FileLink>>()

  constructor(signer: () => SignerClient, expiresIn: () => number | undefined) {
    this.#signer = signer
    this.#expiresIn = expiresIn
  }

  /** Keeps the grants by which the link of a file is renewed, and the file taken back. */
  keep(
    id: string,
    { grant, discardGrant }: { [Name in 'grant' | 'discardGrant']?: string | undefined },
  ): void {
    if (grant) this.#grants.set(id, grant)
    if (discardGrant) this.#discardGrants.set(id, discardGrant)
  }

  forget(id: string): void {
    this.#grants.delete(id)
  }

  /**
   * The link that came with the upload. Asks for a new one if that is missing, has expired during a
   * long upload, or if the page sets a lifetime.
   *
   * @returns the answer with the link; or that the site works on the file, with the grant to ask about it
   */
  async first(signed: LinkAnswer, file: Named, signer: SignerClient): Promise<LinkAnswer> {
    const { grant, downloadUrl, processing } = signed
    const expiry = linkExpiry(signed)
    const isFresh = !expiry || expiry.getTime() > Date.now()
    const isAnyLifetime = this.#expiresIn() === undefined
    this.keep(file.id, { discardGrant: signed.discardGrant })
    if (!grant || processing || (downloadUrl && isFresh && isAnyLifetime)) return signed
    try {
      return { grant, ...(await this.#ask({ op: 'link', grant }, file, signer)) }
    } catch {
      // The file is in the bucket: it must not fail for the lack of a link.
      return isFresh ? signed : { grant }
    }
  }

  /**
   * Takes a file back. Also while the page is closed.
   *
   * @throws {UploadError} if the signer refuses, or gave no grant for it
   */
  async discard({ id, name }: Named): Promise<void> {
    const grant = this.#discardGrants.get(id)
    if (!grant) throw new UploadError('signer-refused', name)
    await this.#signer().ask({ op: 'discard', grant }, name, { keepalive: true })
    this.#discardGrants.delete(id)
  }

  /**
   * Gets a new link. Calls at the same time get the same one.
   *
   * @throws {UploadError} if the signer gives none
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
    const signer = this.#signer()
    const byKey = key === null ? undefined : ({ op: 'link', key } as const)
    try {
      if (grant) return linkIn(await this.#ask({ op: 'link', grant }, { id, name }, signer))
    } catch (error) {
      // A grant lasts for a day. After that the key is enough for signed-in users.
      const isOver = error instanceof UploadError && error.code === 'invalid-grant'
      if (!isOver || !byKey) throw error
    }
    if (byKey) return linkIn(await this.#ask(byKey, { id, name }, signer))
    throw new UploadError('signer-refused', name, { said: NOTHING_TO_ASK_WITH })
  }

  async #ask(question: LinkQuestion, { id, name }: Named, signer: SignerClient): Promise<Signed> {
    const expiresIn = this.#expiresIn()
    const wish = expiresIn === undefined ? {} : { expiresIn }
    const answer = await signer.ask({ ...question, ...wish }, name)
    this.keep(id, { discardGrant: answer.discardGrant })
    return answer
  }
}

/** The link in an answer, for the page. The grant stays here. */
export function linkIn(signed: LinkAnswer): FileLink {
  return {
    downloadUrl: signed.downloadUrl ?? null,
    downloadUrlExpiresAt: linkExpiry(signed) ?? null,
    ...(signed.receipt === undefined ? {} : { receipt: signed.receipt }),
    ...(signed.data === undefined ? {} : { data: signed.data }),
    ...(signed.discardGrant ? { mayDiscard: true } : {}),
  }
}
