/**
 * Counts in Postgres, for a signer with several copies.
 *
 * @module
 */
import type { Amount, Counter } from '../api/counter.ts'
import { checkSchema, SCHEMA } from './postgres-tables.ts'

export { postgresTables } from './postgres-tables.ts'

/** Sends one statement, and resolves with its rows, or with an object that has them in `rows`. */
export type PostgresQuery = (text: string, values: (string | number)[]) => PromiseLike<unknown>

/** The part of a pool or a client of `pg` that is used here. */
export interface PostgresClient {
  query: PostgresQuery
}

/** What {@link postgresCounter} takes besides the client. */
export interface PostgresCounterOptions {
  /**
   * The schema that {@link postgresTables} has made. Signers that are not to count together have one each.
   *
   * @default 'bucket_upload'
   */
  schema?: string | undefined
}

/**
 * Counts in Postgres 12 or later: exactly, for all signers that use the same one, and by its clock. Each
 * question is one statement. It needs the tables and functions of {@link postgresTables}.
 *
 * @param client a pool of `pg`, or a function that sends a statement with its values
 * @example postgresCounter(new Pool({ connectionString }))
 * @example postgresCounter((text, values) => sql.unsafe(text, values))
 * @throws {Error} when the client is neither, or the schema has a name that would have to be quoted
 */
export function postgresCounter(
  client: PostgresClient | PostgresQuery,
  { schema = SCHEMA }: PostgresCounterOptions = {},
): Counter {
  checkSchema(schema)
  const query = queryOf(client)
  const run = async (text: string, ...values: (string | number)[]) =>
    rowsOf(await query(text, values))
  const finish = (id: string, verdict: string, ifEnded: boolean) =>
    run(`SELECT ${schema}.finish($1, $2, $3::text::boolean)`, id, verdict, String(ifEnded))
  return {
    async take(id, amounts, lease) {
      const [row] = await run(
        // By way of text, or some clients would write JSON of JSON.
        `SELECT refused, wait FROM ${schema}.take($1, $2::text::jsonb, $3::float8)`,
        ...[id, JSON.stringify(amounts.map(describe)), lease],
      )
      const { refused, wait } = row ?? {}
      if (refused === -1) return undefined
      // What makes no sense must not let anything be signed.
      if (typeof refused !== 'number' || !(refused < amounts.length)) throw senseless()
      return { index: refused, retryAfter: wait === null ? undefined : Number(wait) }
    },
    async keep(id) {
      await finish(id, 'kept', false)
    },
    async give(id, ifEnded = false) {
      await finish(id, 'given', ifEnded)
    },
    async ended(key, most) {
      const rows = await run(`SELECT id FROM ${schema}.ended($1, $2::int) AS id`, key, most)
      return rows.map(({ id }) => String(id))
    },
  }
}

function describe({ key, amount, limit, window }: Amount) {
  return { key, amount, limit, window }
}

function queryOf(client: PostgresClient | PostgresQuery): PostgresQuery {
  if (typeof client === 'function') return client
  if (typeof client?.query === 'function') return (text, values) => client.query(text, values)
  throw new Error('postgresCounter needs a pool of "pg", or a function that sends a statement.')
}

function rowsOf(answer: unknown): Record<string, unknown>[] {
  const rows = Array.isArray(answer) ? answer : (answer as { rows?: unknown } | undefined)?.rows
  if (Array.isArray(rows)) return rows
  throw senseless()
}

function senseless(): Error {
  return new Error('Postgres gave an answer that makes no sense.')
}
