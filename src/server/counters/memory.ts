import type { Amount, Counter } from '../api/counter.ts'

/** What is counted under one key. */
interface Count {
  used: number
  /** When it begins anew, in ms; `Infinity` for never. */
  ends: number
  /** When the leases end, in ms, by the ids of the uploads that are not kept. */
  leases: Map<string, number>
}

/** What is known of an upload. */
interface Claim {
  state: 'taken' | 'kept' | 'given'
  amounts: readonly Amount[]
  /** When the lease ends, in ms. */
  ends: number
  /** When it may be forgotten, in ms. */
  forgotten: number
}

/** For how long an upload is known that is kept or given back, in ms: an answer may be lost. */
const REMEMBERED = 3_600_000

/** How many new uploads there are between two times of clearing up. */
const BETWEEN_SWEEPS = 1000

/**
 * Counts in the memory of this process: exact for one signer, and gone when it ends.
 *
 * @param now the clock, in ms
 */
export function memoryCounter(now: () => number = Date.now): Counter {
  const counts = new Map<string, Count>()
  const claims = new Map<string, Claim>()
  let sinceSweep = 0

  const countOf = (key: string): Count | undefined => {
    const count = counts.get(key)
    if (!count || count.ends > now()) return count
    counts.delete(key)
    return undefined
  }
  const claimOf = (id: string): Claim | undefined => {
    const claim = claims.get(id)
    if (!claim || claim.forgotten > now()) return claim
    claims.delete(id)
    return undefined
  }
  const sweep = () => {
    sinceSweep += 1
    if (sinceSweep < BETWEEN_SWEEPS) return
    sinceSweep = 0
    for (const key of counts.keys()) countOf(key)
    for (const id of claims.keys()) claimOf(id)
  }
  const addTo = ({ key, amount, window }: Amount, id: string, ends: number) => {
    const fresh = { used: 0, ends: window === undefined ? Infinity : now() + window * 1000 }
    const count = countOf(key) ?? { ...fresh, leases: new Map() }
    count.used += amount
    count.leases.set(id, ends)
    counts.set(key, count)
  }
  const renew = (id: string, claim: Claim, lease: number) => {
    claim.ends = now() + lease * 1000
    claim.forgotten = Math.max(claim.forgotten, claim.ends)
    for (const { key } of claim.amounts) {
      const leases = countOf(key)?.leases
      if (leases?.delete(id)) leases.set(id, claim.ends)
    }
  }
  const end = (id: string, claim: Claim, state: 'kept' | 'given') => {
    claim.state = state
    claim.forgotten = now() + REMEMBERED
    for (const { key, amount } of claim.amounts) {
      const count = countOf(key)
      // One that began anew knows nothing of it.
      if (count?.leases.delete(id) && state === 'given') count.used -= amount
    }
  }

  return {
    take(id, amounts, lease) {
      sweep()
      const claim = claimOf(id)
      if (claim?.state === 'taken') renew(id, claim, lease)
      if (claim && claim.state !== 'given') return undefined
      for (const [index, { key, amount, limit }] of amounts.entries()) {
        const count = countOf(key)
        if ((count?.used ?? 0) + amount <= limit) continue
        const wait = ((count?.ends ?? Infinity) - now()) / 1000
        const retryAfter = amount > limit || wait === Infinity ? undefined : wait
        return { index, retryAfter }
      }
      const ends = now() + lease * 1000
      for (const each of amounts) addTo(each, id, ends)
      const windows = amounts.map(({ window = Infinity }) => window)
      const forgotten = now() + Math.max(lease, ...windows) * 1000
      claims.set(id, { state: 'taken', amounts, ends, forgotten })
      return undefined
    },
    keep(id) {
      const claim = claimOf(id)
      if (claim?.state === 'taken') end(id, claim, 'kept')
    },
    give(id, ifEnded = false) {
      const claim = claimOf(id)
      if (claim?.state !== 'taken' || (ifEnded && claim.ends > now())) return
      end(id, claim, 'given')
    },
    ended(key, most) {
      const leases = [...(countOf(key)?.leases ?? [])].filter(([, ends]) => ends <= now())
      return leases
        .sort(([, one], [, other]) => one - other)
        .slice(0, most)
        .map(([id]) => id)
    },
  }
}
