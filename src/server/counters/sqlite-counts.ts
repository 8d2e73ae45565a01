import type { Amount, Refused } from '../api/counter.ts'

/** A database whose statements are carried out at once, such as `ctx.storage.sql` of a Durable Object. */
export interface Sqlite {
  exec(statement: string, ...values: (string | number)[]): { toArray(): Record<string, unknown>[] }
}

/** A time in ms that never comes. */
const NEVER = 9e15

/** For how long an upload is known that is kept or given back, in ms: an answer may be lost. */
const REMEMBERED = 3_600_000

/**
 * `claims` has each upload, `open` what an upload has taken that is not kept, and `counts` how much is
 * taken in all. Times are in ms.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS counts (
  key TEXT PRIMARY KEY, used INTEGER NOT NULL, ends INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counts_ends ON counts (ends);
CREATE TABLE IF NOT EXISTS claims (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, lease INTEGER NOT NULL, forgotten INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claims_forgotten ON claims (forgotten);
CREATE TABLE IF NOT EXISTS open (
  id TEXT NOT NULL, key TEXT NOT NULL, amount INTEGER NOT NULL, lease INTEGER NOT NULL,
  ends INTEGER NOT NULL, PRIMARY KEY (id, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_key_lease ON open (key, lease);
`

/**
 * Counts in SQLite, as a `Counter` does. Nothing comes between two statements, so there are no locks; who
 * calls puts each call into one transaction.
 */
export class SqliteCounts {
  readonly #sql: Sqlite
  readonly #now: () => number

  /** @param now the clock, in ms */
  constructor(sql: Sqlite, now: () => number = Date.now) {
    this.#sql = sql
    this.#now = now
    sql.exec(TABLES)
  }

  take(id: string, amounts: readonly Amount[], lease: number): Refused | undefined {
    const now = this.#now()
    const until = now + lease * 1000
    const state = this.#claim(id, now)?.state
    if (state === 'taken') {
      this.#run(
        'UPDATE claims SET lease = ?, forgotten = max(forgotten, ?) WHERE id = ?',
        until,
        until,
        id,
      )
      this.#run('UPDATE open SET lease = ? WHERE id = ?', until, id)
    }
    if (state === 'taken' || state === 'kept') return undefined
    for (const [index, { key, amount, limit }] of amounts.entries()) {
      const [count] = this.#run(
        'SELECT used, ends FROM counts WHERE key = ? AND ends > ?',
        key,
        now,
      )
      if (Number(count?.used ?? 0) + amount <= limit) continue
      const ends = Number(count?.ends ?? NEVER)
      const isNever = amount > limit || ends === NEVER
      return { index, retryAfter: isNever ? undefined : (ends - now) / 1000 }
    }
    this.#forget(id)
    const windows = amounts.map(({ window }) => endOf(window, now))
    const forgotten = Math.max(until, ...windows)
    this.#run(`INSERT INTO claims VALUES (?, 'taken', ?, ?)`, id, until, forgotten)
    for (const { key, amount, window } of amounts) {
      const [count] = this.#run(
        `INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET
          used = excluded.used + iif(ends > ?, used, 0), ends = iif(ends > ?, ends, excluded.ends)
        RETURNING ends`,
        ...[key, amount, endOf(window, now), now, now],
      )
      this.#run(
        'INSERT INTO open VALUES (?, ?, ?, ?, ?)',
        id,
        key,
        amount,
        until,
        Number(count?.ends),
      )
    }
    this.#sweep(now)
    return undefined
  }

  /** @param ifEnded whether only if the lease has ended */
  finish(id: string, state: 'kept' | 'given', ifEnded = false): void {
    const now = this.#now()
    const claim = this.#claim(id, now)
    if (claim?.state !== 'taken' || (ifEnded && claim.lease > now)) return
    this.#run(
      'UPDATE claims SET state = ?, forgotten = ? WHERE id = ?',
      state,
      now + REMEMBERED,
      id,
    )
    if (state === 'given') {
      // One that began anew knows nothing of it.
      this.#run(
        `UPDATE counts SET used = used - open.amount FROM open
        WHERE open.id = ? AND counts.key = open.key AND counts.ends = open.ends`,
        id,
      )
    }
    this.#run('DELETE FROM open WHERE id = ?', id)
  }

  ended(key: string, most: number): string[] {
    const now = this.#now()
    const rows = this.#run(
      `SELECT open.id FROM open JOIN counts USING (key, ends)
      WHERE key = ? AND lease <= ? AND ends > ? ORDER BY lease LIMIT ?`,
      ...[key, now, now, most],
    )
    return rows.map(({ id }) => String(id))
  }

  #run(statement: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return this.#sql.exec(statement, ...values).toArray()
  }

  #claim(id: string, now: number): { state: unknown; lease: number } | undefined {
    const [row] = this.#run(
      'SELECT state, lease FROM claims WHERE id = ? AND forgotten > ?',
      id,
      now,
    )
    return row && { state: row.state, lease: Number(row.lease) }
  }

  #forget(id: string): void {
    this.#run('DELETE FROM open WHERE id = ?', id)
    this.#run('DELETE FROM claims WHERE id = ?', id)
  }

  /** Who makes one row deletes up to two that are over, so that no task has to run. */
  #sweep(now: number): void {
    const old = this.#run(
      'SELECT id FROM claims WHERE forgotten <= ? ORDER BY forgotten LIMIT 2',
      now,
    )
    for (const { id } of old) this.#forget(String(id))
    this.#run(
      'DELETE FROM counts WHERE key IN (SELECT key FROM counts WHERE ends <= ? ORDER BY ends LIMIT 2)',
      now,
    )
  }
}

function endOf(window: number | undefined, now: number): number {
  return window === undefined ? NEVER : now + window * 1000
}
