import type { Digests } from '../../protocol/index.ts'
import { Hasher } from './hasher.ts'

/** More would compete for the disk. */
const MOST_WORKERS = 4

interface Member {
  hasher: Hasher
  /** Bytes that are still to be hashed. */
  busy: number
}

/**
 * Several hashers with one worker each, started on demand. A part can only be sent when it is hashed, so
 * the first parts of a file are hashed at the same time.
 */
export class HasherPool {
  readonly #members: Member[] = []
  /** One more than there are cores, since one worker always waits for the disk. */
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

  /** Starts all workers ahead of time. */
  warm(): void {
    while (this.#members.length < this.#size) void this.#add().hasher.digest(new Blob(), [])
  }

  /** The least busy hasher, or a new one if all are busy. */
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
