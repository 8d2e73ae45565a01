/**
 * Counts in a Durable Object of Cloudflare, for a signer that is a Worker.
 *
 * @module
 */
import type { Counter, Refused } from '../api/counter.ts'
import { type Sqlite, SqliteCounts } from './sqlite-counts.ts'

/** What a call of {@link UploadCounter} says: a method of a `Counter`, and what it is called with. */
type Question = {
  [Name in keyof Counter]: [name: Name, values: Parameters<Counter[Name]>]
}[keyof Counter]

/** The part of the state of a Durable Object that is used here. */
export interface DurableObjectContext {
  storage: {
    /** Of a class among `new_sqlite_classes`. */
    sql: Sqlite
    transactionSync<Result>(run: () => Result): Result
  }
}

/** The part of the binding of a Durable Object that is used here. */
export interface DurableObjectBinding<Id = unknown> {
  idFromName(name: string): Id
  get(id: Id): {
    fetch(url: string, init: { method: 'POST'; body: string }): Promise<CounterAnswer>
  }
}

/** The part of a `Response` that is used here; that of a Worker has types of its own. */
export interface CounterAnswer {
  ok: boolean
  status: number
  json(): Promise<unknown>
}

/** What {@link durableObjectCounter} takes besides the binding. */
export interface DurableObjectCounterOptions {
  /**
   * Which object counts. Signers that are not to count together have one each.
   *
   * @default 'bucket-upload'
   */
  name?: string | undefined
}

/**
 * The Durable Object that counts. Export it from the Worker, and name it in `wrangler.json`, among the
 * `new_sqlite_classes` of `migrations`. It keeps what it is told, also when it is moved or started again.
 *
 * @see https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
 */
export class UploadCounter {
  readonly #storage: DurableObjectContext['storage']
  readonly #counts: SqliteCounts

  constructor({ storage }: DurableObjectContext) {
    this.#storage = storage
    this.#counts = new SqliteCounts(storage.sql)
  }

  /** Answers {@link durableObjectCounter}; nobody else can reach it. */
  async fetch(request: Request): Promise<Response> {
    const question: Question = await request.json()
    const answer = this.#storage.transactionSync(() => this.#answer(question))
    return Response.json(answer ?? null)
  }

  #answer([name, values]: Question): Refused | string[] | undefined {
    if (name === 'take') return this.#counts.take(...values)
    if (name === 'ended') return this.#counts.ended(...values)
    const [id, ifEnded] = values
    this.#counts.finish(id, name === 'keep' ? 'kept' : 'given', ifEnded)
    return undefined
  }
}

/**
 * Counts in one Durable Object, an {@link UploadCounter}: exactly, for all Workers of the account that use
 * the same name. Each question is one request to it.
 *
 * @param binding of the class, from the environment of the Worker
 * @example durableObjectCounter(env.COUNTER)
 * @throws {Error} when it is no such binding
 */
export function durableObjectCounter<Id>(
  binding: DurableObjectBinding<Id>,
  { name = 'bucket-upload' }: DurableObjectCounterOptions = {},
): Counter {
  if (typeof binding?.idFromName !== 'function' || typeof binding.get !== 'function') {
    throw new Error('durableObjectCounter needs the binding of a Durable Object, as env.COUNTER.')
  }
  const ask = async (...question: Question) => {
    // A stub belongs to the request in which it was made.
    const stub = binding.get(binding.idFromName(name))
    const init = { method: 'POST', body: JSON.stringify(question) } as const
    const answer = await stub.fetch('https://counter.invalid/', init)
    if (!answer.ok) throw new Error(`The Durable Object has answered ${answer.status}.`)
    return answer.json()
  }
  return {
    async take(id, amounts, lease) {
      const answer = await ask('take', [id, amounts, lease])
      if (answer === null) return undefined
      const { index, retryAfter } = answer as Partial<Refused>
      // What makes no sense must not let anything be signed.
      if (index === undefined || !(index in amounts)) throw senseless()
      return { index, retryAfter }
    },
    async keep(id) {
      await ask('keep', [id])
    },
    async give(id, ifEnded = false) {
      await ask('give', [id, ifEnded])
    },
    async ended(key, most) {
      const answer = await ask('ended', [key, most])
      if (Array.isArray(answer)) return answer.map(String)
      throw senseless()
    },
  }
}

function senseless(): Error {
  return new Error('The Durable Object gave an answer that makes no sense.')
}
