import type { Digests } from '../../protocol/index.ts'
import { Hasher } from './hasher.ts'

/** More would only fight over the disk. */
const MOST_WORKERS = 4

interface Member {
  hasher: Hasher
  /** Bytes that it has yet to hash. */
  busy: number
}

/**
 * Several hashers, each with a worker of its own, started when they are needed: the first parts of a
 * file can only leave when they are hashed, and then they should not have to wait for one another.
 */
export class HasherPool {
  readonly #members: Member[] = []
  /** One more than there are cores, since one of them always waits for the disk. */
  readonly #size = Math.min(MOST_WORKERS, (globalThis.navigator?.hardwareConcurrency || 1) + 1)

  /** As {@link Hasher.digest}; without algorithms no worker is started. */
  async digest(blob: Blob, algorithms: string[], signal?: AbortSignal): Promise<Digests> {
    if (algorithms.length === 0) return {}
    const member = this.#choose()
    member.busy += blob.size
    try {
      return await member.hasher.digest(blob, algorithms, signal)
    } finally {
      member.busy -= blob.size
    }
  }

  /** Starts the workers, while something else is waited for. */
  warm(): void {
    while (this.#members.length < this.#size) void this.#add().hasher.digest(new Blob(), [])
  }

  /** The one with the least to do; a new one only where all have something to do. */
  #choose(): Member {
    const [idle] = [...this.#members].sort((a, b) => a.busy - b.busy)
    if (idle && (idle.busy === 0 || this.#members.length >= this.#size)) return idle
    return this.#add()
  }

  #add(): Member {
    const member = { hasher: new Hasher(), busy: 0 }
    this.#members.push(member)
    return member
  }
}
