import type { Digests } from '../../protocol/index.ts'
import { DigestGroups } from './digest-groups.ts'
import { Hasher } from './hasher.ts'
import { startBeside } from './start-worker.ts'

/** More would compete for the disk. */
const MOST_WORKERS = 4

/**
 * One more than there are cores, since one worker always waits for the disk. A part can only be sent when
 * it is hashed, so the first parts of a file are hashed at the same time.
 */
const SIZE = Math.min(MOST_WORKERS, (globalThis.navigator?.hardwareConcurrency || 1) + 1)

/** The workers of the page. */
const shared = new Hasher(startBeside, SIZE)
const groups = new DigestGroups(shared)
/** How many pools have used them and are not closed. */
let users = 0

/** What one engine hashes with. All engines of a page share the workers. */
export class HasherPool {
  #isUser = false

  /** As {@link Hasher.digest}. Small blobs share messages. */
  digest(blob: Blob, algorithms: string[], signal?: AbortSignal): Promise<Digests> {
    this.#use()
    return groups.digest(blob, algorithms, signal)
  }

  /** As {@link Hasher.warm}. */
  warm(): void {
    this.#use().warm()
  }

  /**
   * Ends the workers at once if nothing else uses them; without it they end when they have been idle for
   * 30 s. Abort your own requests first. May be used again afterwards.
   */
  close(): void {
    if (!this.#isUser) return
    this.#isUser = false
    users -= 1
    if (users === 0) shared.close()
  }

  #use(): Hasher {
    if (!this.#isUser) users += 1
    this.#isUser = true
    return shared
  }
}
