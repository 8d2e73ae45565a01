import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { postgresCounter, postgresTables } from '../../../src/server/counters/postgres.ts'
import {
  type RunningPostgres,
  startPostgres,
  withoutPostgres,
} from '../../support/servers/postgres.ts'
import { testCounter } from '../../support/signer/counter-rules.ts'
import { attack } from '../../support/signer/limit-attack.ts'

let postgres: RunningPostgres
let pool: Pool

let tests = 0
/** Each test has tables of its own. */
async function own() {
  tests += 1
  const options = { schema: `test_${tests}` }
  await pool.query(postgresTables(options))
  return options
}

describe('postgresCounter', { skip: withoutPostgres }, () => {
  before(async () => {
    postgres = await startPostgres()
    pool = new Pool({ ...postgres.connection, max: 20 })
    // Without a listener an error ends the process.
    pool.on('error', () => {})
  })
  after(async () => {
    await pool.end()
    await postgres.stop()
  })

  describe('with a pool of pg', () => {
    testCounter(async () => {
      const counter = postgresCounter(pool, await own())
      return { counter, pass: (seconds) => sleep(seconds * 1000) }
    })
  })

  describe('with a function that resolves with rows', () => {
    testCounter(async () => {
      const query = async (text: string, values: unknown[]) => (await pool.query(text, values)).rows
      const counter = postgresCounter(query, await own())
      return { counter, pass: (seconds) => sleep(seconds * 1000) }
    })
  })

  it('can have its tables made again, and then knows what it knew', async () => {
    const options = await own()
    const amounts = [{ key: 'all', amount: 1, limit: 1, window: undefined }]
    const counter = postgresCounter(pool, options)
    assert.equal(await counter.take('a', amounts, 60), undefined)
    await pool.query(postgresTables(options))
    assert.equal((await counter.take('b', amounts, 60))?.index, 0)
  })

  it('clears away what is over, by what comes later', async () => {
    const options = await own()
    const counter = postgresCounter(pool, options)
    const amounts = (name: string, window: number) => [{ key: name, amount: 1, limit: 9, window }]
    for (const id of ['a', 'b', 'c', 'd']) await counter.take(id, amounts(id, 0.1), 0.1)
    const rows = async (table: string) => {
      const { rows } = await pool.query(`SELECT count(*)::int FROM ${options.schema}.${table}`)
      return rows[0].count
    }
    await sleep(200)
    for (const id of ['e', 'f', 'g']) await counter.take(id, amounts('all', 600), 600)
    const left = [await rows('claims'), await rows('open'), await rows('counts')]
    assert.deepEqual(left, [3, 3, 1])
  })

  it('is exact where calls take of several limits in different orders', async () => {
    const counter = postgresCounter(pool, await own())
    const keys = ['a', 'b', 'c', 'd']
    const takeSome = async (index: number) => {
      const turned = keys.map((_, place) => keys[(place + index) % keys.length] ?? '')
      const amounts = turned.map((key) => ({ key, amount: 1, limit: 40, window: undefined }))
      return counter.take(`${index}`, index % 2 ? amounts : amounts.reverse(), 60)
    }
    const all = await Promise.all(Array.from({ length: 100 }, (_, index) => takeSome(index)))
    assert.equal(all.filter((refused) => refused === undefined).length, 40)
    await Promise.all(all.map((_, index) => counter.give(`${index}`)))
    const rest = keys.map((key) => ({ key, amount: 40, limit: 40, window: undefined }))
    assert.equal(await counter.take('rest', rest, 60), undefined)
  })

  it('takes only what can send a statement, and names of schemas without quotes', () => {
    assert.throws(() => postgresCounter({} as never), { message: /a pool of "pg", or a function/ })
    for (const schema of ['', 'a"b', 'a.b', 'A']) {
      assert.throws(() => postgresCounter(pool, { schema }), { message: /"schema"/ })
      assert.throws(() => postgresTables({ schema }), { message: /"schema"/ })
    }
  })

  it('lets nothing be signed when the answer makes no sense', async () => {
    const amounts = [{ key: 'all', amount: 1, limit: 1, window: undefined }]
    for (const answer of [undefined, {}, { rows: [] }, [{ refused: 7 }], [{ refused: '-1' }]]) {
      const counter = postgresCounter(async () => answer)
      await assert.rejects(async () => counter.take('a', amounts, 60), { message: /no sense/ })
    }
  })

  it('counts for two signers behind a proxy, whatever comes at once, and while Postgres is killed', async () => {
    const options = await own()
    const other = new Pool({ ...postgres.connection, max: 20 })
    other.on('error', () => {})
    const seen = await attack({
      counters: [postgresCounter(pool, options), postgresCounter(other, options)],
      users: 8,
      seconds: 4,
      atLeast: 10,
      async inTheMiddle() {
        await postgres.kill()
        await sleep(300)
        await postgres.start()
      },
    }).finally(() => other.end())
    assert.deepEqual(seen.faults, [])
    assert.ok(Math.min(seen.stored, seen.refused, seen.aborted) >= 10, JSON.stringify(seen))
  })
})
