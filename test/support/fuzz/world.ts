/** What all signers of one run share: the clock, the choices, and what went wrong on purpose. */
import type { AccessKeys } from '../../../src/server/index.ts'
import type { Choices } from './random.ts'

/** An access key, as a provider knows it. */
export interface Key {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** In ms since 1970; absent for one without an end. */
  ends?: number
  /** Whether it may do all, or only store. */
  mayRead: boolean
}

/** What happened in a call that excuses what must not happen otherwise. */
export interface Incident {
  /** `authorize` or a source of keys threw: status 500. */
  refusesAll?: true
  /** A hook threw, the bucket failed, or its keys have ended: `internal-error` for one request. */
  refusesOne?: true
}

/** The state of one run, from which all chance and all time come. */
export class World {
  /** In ms since 1970. */
  now = Date.UTC(2026, 10, 24)
  random: Choices
  /** What happened in the call that is running. */
  incident: Incident = {}
  /** CPU time of the call that was not the signer's, in µs. */
  othersTime = 0
  /** Whether all goes well, as where a call is repeated. */
  isCalm = false
  /** How often each promise was put to the test. */
  readonly seen: Record<string, number>
  bucketRequests = 0
  /** Told of each promise that did not hold. */
  readonly fail: (said: string) => void
  readonly #keys = new Map<string, Key>()
  #issued = 0

  constructor(random: Choices, seen: Record<string, number>, fail: (said: string) => void) {
    this.random = random
    this.seen = seen
    this.fail = fail
  }

  note(label: string): void {
    this.seen[label] = (this.seen[label] ?? 0) + 1
  }

  /** Something that goes wrong in this share of all cases. */
  mishap(share: number): boolean {
    return !this.isCalm && this.random.chance(share)
  }

  addKey(key: Key): AccessKeys {
    this.#keys.set(key.accessKeyId, key)
    const { accessKeyId, secretAccessKey } = key
    return { accessKeyId, secretAccessKey }
  }

  findKey(accessKeyId: string): Key | undefined {
    return this.#keys.get(accessKeyId)
  }

  /** Temporary keys: each time others, with little or much time left, and sometimes none at all. */
  changingKeys(mayRead: boolean): () => AccessKeys {
    let current = this.#issue(mayRead)
    return () => {
      if (this.mishap(0.01)) {
        this.incident.refusesAll = true
        this.incident.refusesOne = true
        throw new Error('The service for temporary keys is down.')
      }
      const left = (current.ends ?? 0) - this.now
      if (left < 60_000 || this.random.chance(0.2)) current = this.#issue(mayRead)
      const { accessKeyId, secretAccessKey, sessionToken, ends = 0 } = current
      // One that has ended is of no use to anyone, and the signer must say so.
      if (ends - this.now < 2000) this.incident.refusesOne = true
      const expiresAt = new Date(ends)
      const end = this.random.chance(0.5) ? expiresAt : expiresAt.toISOString()
      return { accessKeyId, secretAccessKey, sessionToken, expiresAt: end }
    }
  }

  #issue(mayRead: boolean): Key {
    this.#issued += 1
    const seconds = this.mishap(0.05) ? -1 : this.random.pick([30, 120, 400, 1000, 43_200])
    const key = {
      accessKeyId: `TEMPORARY${this.#issued}`,
      secretAccessKey: `${SECRET_KEY}${this.#issued}`,
      sessionToken: `token/${this.#issued}+=`,
      ends: this.now + seconds * 1000,
      mayRead,
    }
    this.addKey(key)
    return key
  }
}

/** All secret keys begin so, and no answer may have it. */
export const SECRET_KEY = 'FUZZ/SECRET+KEY/NEVER/SEEN'
