/** Throws hostile requests at `createSigner`, and looks whether what it promises holds. */
import { wireFaults } from '../signer/schema.ts'
import { allowedTime, inStillTime, timed } from './clock.ts'
import { judgeAnswer } from './judge.ts'
import { expectedStatus, requestsOf, type SentCall } from './judge-calls.ts'
import { checkRemoved } from './judge-discards.ts'
import { checkCompleted } from './judge-links.ts'
import { lookForLeaks } from './judge-texts.ts'
import type { Answered } from './judge-writes.ts'
import type { Who } from './ledger.ts'
import { openingCalls } from './opening-calls.ts'
import { type Choices, seededChoices } from './random.ts'
import { SETUPS } from './signers.ts'
import { Site } from './site.ts'
import { randomStep } from './steps.ts'
import { World } from './world.ts'

/** What a run has done. */
export interface FuzzReport {
  /** Single requests that were sent. A call that is none counts as one. */
  requests: number
  calls: number
  granted: number
  refused: number
  /** Requests that reached the bucket. */
  bucketRequests: number
  /** Calls that took too much CPU time, and were repeated alone. */
  repeated: number
  /** How often each status came. */
  statuses: Record<number, number>
  /** How often each promise was put to the test. */
  seen: Record<string, number>
  /** Promises that did not hold: one sentence each, with what was sent. */
  failures: string[]
}

/** After so many requests all begins again with empty buckets, so that no run needs much memory. */
const WORLD = 20_000
/** More of them tell nothing more. */
const MOST_FAILURES = 20

export class Fuzzer {
  readonly report: FuzzReport = {
    requests: 0,
    calls: 0,
    granted: 0,
    refused: 0,
    bucketRequests: 0,
    repeated: 0,
    statuses: {},
    seen: {},
    failures: [],
  }
  readonly random: Choices
  world: World
  sites: readonly Site[] = []
  /** Where the last call went. */
  site: Site
  readonly #failed = new Set<string>()
  #sent = ''
  #number = 0

  constructor(seed: number) {
    this.random = seededChoices(seed)
    this.world = this.#newWorld()
    this.site = this.sites[0] as Site
  }

  /** Sends so many requests at random, once each kind of call was made. */
  async run(requests: number, onProgress: (requests: number) => void): Promise<void> {
    await openingCalls(this)
    let next = this.report.requests + WORLD
    while (this.report.requests < requests && this.report.failures.length < MOST_FAILURES) {
      if (this.report.requests >= next) {
        next += WORLD
        onProgress(this.report.requests)
        this.world = this.#newWorld()
        this.site = this.sites[0] as Site
      }
      await randomStep(this)
    }
    this.report.bucketRequests += this.world.bucketRequests
  }

  /** Sends requests as a page does. */
  ask(site: Site, who: Who, requests: readonly object[]): Promise<Answered[]> {
    const { pageRoute: route } = site.facts
    const list = requests.map((request, index) => {
      const isNew = route !== undefined && !('route' in request) && 'file' in request
      return { id: `${index}`, ...request, ...(isNew ? { route } : {}) }
    })
    return this.send(site, who, { body: JSON.stringify({ version: 1, requests: list }) })
  }

  /** Sends a call, and judges what comes back. */
  async send(site: Site, who: Who, sent: Partial<SentCall>): Promise<Answered[]> {
    const { world, report } = this
    const call = { method: 'POST', headers: headersOf(who), body: '', ...sent }
    const requests = requestsOf(call.body)
    this.site = site
    this.#sent = call.body
    report.calls += 1
    report.requests += Math.max(1, requests?.length ?? 1)
    world.incident = {}
    site.beginCall(who)
    const start = world.now
    const expected = expectedStatus(site, call, requests)
    try {
      const [answer, time] = await this.#time(site, call)
      report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1
      lookForLeaks(world, answer.text + answer.headers)
      const isExcused = answer.status === 500 && world.incident.refusesAll
      if (answer.status !== expected && !isExcused) {
        world.fail(`Status ${answer.status} in the place of ${expected}`)
      }
      const answers = answer.status === 204 ? [] : this.#read(answer)
      if (answer.status === 200) this.#judge(site, requests ?? [], answers, start)
      const allowed = allowedTime(call.body.length, requests?.length ?? 0)
      if (time > allowed) await this.#repeat(site, call, allowed)
      return answers
    } catch (error) {
      world.fail(`It rejected: ${error instanceof Error ? error.stack : error}`)
      return []
    }
  }

  /** One that no other file of this run has. */
  nextNumber(): number {
    this.#number += 1
    return this.#number
  }

  async #time(site: Site, { method, headers, body }: SentCall) {
    const signer = this.world.random.pick(site.signers)
    const init = method === 'GET' ? { method, headers } : { method, headers, body }
    const request = new Request('http://signer.test/sign', init)
    return timed(this.world, async () => {
      const response = await signer(request)
      const text = await response.text()
      return { status: response.status, headers: JSON.stringify([...response.headers]), text }
    })
  }

  #read({ status, text }: { status: number; text: string }): Answered[] {
    const body = JSON.parse(text)
    const faults = wireFaults(status === 200 ? 'SignerResponseBody' : 'SignerErrorBody', body)
    if (faults.length > 0) this.world.fail(faults.join('; '))
    return body.responses ?? []
  }

  #judge(site: Site, requests: readonly Answered[], answers: Answered[], start: number): void {
    for (const [index, asked] of requests.entries()) {
      const answer = answers[index]
      if (answer?.id !== asked.id) this.world.fail(`No answer for "${asked.id}"`)
      else {
        this.report[answer?.error ? 'refused' : 'granted'] += 1
        judgeAnswer(site, asked, answer as Answered, start)
      }
    }
    checkCompleted(site)
    checkRemoved(site, requests, start)
    if (answers.length !== requests.length) this.world.fail('Too many answers')
  }

  /** Once more, alone: the first time there may have been rubbish to collect, or code to compile. */
  async #repeat(site: Site, call: SentCall, allowed: number): Promise<void> {
    const { world, random } = this
    const { isCalm } = world
    this.report.repeated += 1
    globalThis.gc?.()
    world.isCalm = true
    world.random = seededChoices(1)
    const [, time] = await this.#time(site, call)
    world.isCalm = isCalm
    world.random = random
    if (time <= allowed) return
    world.fail(
      `It took ${Math.round(time)} ms and may take ${Math.round(allowed)}, for ${call.body.length} bytes`,
    )
  }

  #newWorld(): World {
    if (this.world) this.report.bucketRequests += this.world.bucketRequests
    const world = new World(this.random, this.report.seen, (said) => this.#fail(said))
    this.sites = SETUPS.map((setup) => new Site(setup, world))
    return world
  }

  /** The same at another key or with other numbers is not told again. */
  #fail(said: string): void {
    const { name = '', who } = this.site ?? {}
    const kind = said.replace(/[:\d].*/s, '')
    if (this.#failed.has(kind) || this.report.failures.length >= MOST_FAILURES) return
    this.#failed.add(kind)
    const sent = this.#sent.length > 600 ? `${this.#sent.slice(0, 600)}…` : this.#sent
    this.report.failures.push(`${said}\n  ${who?.name} sent to "${name}": ${sent}`)
  }
}

export function headersOf({ name, bucket }: Who): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    place: bucket,
    ...(name === undefined ? {} : { user: name }),
  }
}

/** Sends so many requests; the same seed sends the same ones. */
export async function fuzzSigner(
  { requests, seed }: { requests: number; seed: number },
  onProgress: (requests: number) => void = () => {},
): Promise<FuzzReport> {
  const fuzzer = new Fuzzer(seed)
  await inStillTime(
    () => fuzzer.world,
    () => fuzzer.run(requests, onProgress),
  )
  return fuzzer.report
}
