import type { PartsUpload } from './file-upload.ts'
import { cutIntoParts, DEFAULT_RULES, planPartSize } from './plan.ts'

type Md5 = Promise<string | undefined>

/**
 * Hashes the parts that go first while the signer begins the upload, so that they need not wait for
 * both. How the file will be cut is only a guess until then: of a wrong one nothing is used.
 */
export class HashAhead {
  readonly #partSize: number = 0
  readonly #md5s = new Map<number, Md5>()
  readonly #controller = new AbortController()

  constructor({ file, memory, signer, sender, signal, limit }: PartsUpload) {
    // What is stored already need not be hashed, and who knows what is?
    if (memory.upload) return
    this.#partSize = planPartSize(file.size, signer.partRules ?? DEFAULT_RULES, limit)
    const either = AbortSignal.any([signal, this.#controller.signal])
    for (const { partNumber, body } of cutIntoParts(file.id, file.file, this.#partSize)) {
      if (partNumber > limit) return
      const md5 = sender.hash(body, either)
      md5.catch(() => {})
      this.#md5s.set(partNumber, md5)
    }
  }

  /** By part number, if the file was cut like that. */
  of(partSize: number): ReadonlyMap<number, Md5> {
    if (partSize === this.#partSize) return this.#md5s
    this.#controller.abort()
    return new Map()
  }
}
