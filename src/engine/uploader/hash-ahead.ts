import type { Digests } from '../../protocol/index.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { PartsJob } from './tools.ts'

/**
 * Hashes the first parts while the signer creates the upload. Until the signer answers, part size and
 * checksums are a guess. If the guess is wrong, the results are dropped.
 */
export class HashAhead {
  readonly #partSize: number = 0
  readonly #digests = new Map<number, Promise<Digests>>()
  readonly #controller = new AbortController()
  readonly #signer: SignerClient
  readonly #checksums: number

  constructor({ file, checkpoint, signer, sender, signal, tools }: PartsJob) {
    this.#signer = signer
    this.#checksums = signer.checksums.length
    // Of an upload that continues, parts may be stored, and those need no hash. The first parts do not
    // wait for theirs if they can be compared later.
    if (checkpoint.upload || !signer.cutsAsUsual || signer.mayCompareLater) return
    this.#partSize = sender.usualPartSize(file.size)
    const either = AbortSignal.any([signal, this.#controller.signal])
    for (const { partNumber, body } of tools.cutIntoParts(file.id, file.file, this.#partSize)) {
      if (partNumber > sender.limit) return
      const digests = sender.hash(body, signer.checksums, either)
      digests.catch(() => {})
      this.#digests.set(partNumber, digests)
    }
  }

  /** Digests by part number, or an empty map if the guess was wrong. */
  of(partSize: number): ReadonlyMap<number, Promise<Digests>> {
    const isAll = this.#checksums === this.#signer.checksums.length
    if (isAll && partSize === this.#partSize) return this.#digests
    this.stop()
    return new Map()
  }

  /** Nothing will need the digests. */
  stop(): void {
    this.#controller.abort()
  }
}
