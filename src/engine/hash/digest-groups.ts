import type { Digests } from '../../protocol/index.ts'
import { abortable } from '../../util/abort.ts'
import type { Hasher } from './hasher.ts'

/** A larger blob goes alone: others would wait for it. Bytes. */
const SMALL = 2 ** 20
/** The most blobs of a group, and their bytes together. */
const MOST = 100
const MOST_BYTES = 4 * 2 ** 20
/** How many groups are asked for at a time: one is hashed, and the next one is there when it is done. */
const AT_ONCE = 2

interface Pending {
  blob: Blob
  algorithms: string[]
  signal: AbortSignal | undefined
  resolve: (digests: Digests) => void
  reject: (reason: unknown) => void
}

/**
 * Puts small blobs together, so that many of them cost one message to a worker and one back. Nothing waits
 * for a group to fill: it is what has come while the ones before it were hashed.
 */
export class DigestGroups {
  readonly #hasher: Pick<Hasher, 'digest' | 'digestAll'>
  readonly #pending = new Set<Pending>()
  #running = 0

  constructor(hasher: Pick<Hasher, 'digest' | 'digestAll'>) {
    this.#hasher = hasher
  }

  /** As {@link Hasher.digest}. */
  digest(blob: Blob, algorithms: string[], signal?: AbortSignal): Promise<Digests> {
    if (blob.size > SMALL || algorithms.length === 0) {
      return this.#hasher.digest(blob, algorithms, signal)
    }
    const digests = new Promise<Digests>((resolve, reject) => {
      this.#pending.add({ blob, algorithms, signal, resolve, reject })
    })
    this.#next()
    return signal ? abortable(digests, signal) : digests
  }

  #next(): void {
    while (this.#running < AT_ONCE && this.#pending.size > 0) {
      this.#running++
      void this.#run(this.#take()).finally(() => {
        this.#running--
        this.#next()
      })
    }
  }

  /** Those that come next and are of the same algorithms. */
  #take(): Pending[] {
    const group: Pending[] = []
    let bytes = 0
    for (const each of this.#pending) {
      const [first = each] = group
      bytes += each.blob.size
      if (group.length >= MOST || (group.length > 0 && bytes > MOST_BYTES)) break
      if (each.algorithms.join() !== first.algorithms.join()) break
      this.#pending.delete(each)
      if (!each.signal?.aborted) group.push(each)
    }
    return group
  }

  async #run(group: Pending[]): Promise<void> {
    const [first] = group
    if (!first) return
    const { algorithms } = first
    const results = await this.#hasher.digestAll(
      group.map(({ blob }) => blob),
      algorithms,
    )
    for (const [index, { blob, signal, resolve, reject }] of group.entries()) {
      const result = results[index]
      if (result?.status === 'rejected') reject(result.reason)
      else if (group.length === 1 || Object.keys(result?.value ?? {}).length > 0) {
        resolve(result?.value ?? {})
        // One that cannot be read for a minute must not leave the others without.
      } else this.#hasher.digest(blob, algorithms, signal).then(resolve, reject)
    }
  }
}
