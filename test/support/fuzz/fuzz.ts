/** Throws hostile requests at `createSigner`, and looks whether what it promises holds. */
import { createSigner, type LogEntry, type Signer } from '../../../src/server/index.ts'
import { wireFaults } from '../wire.ts'
import { type Choices, seededChoices } from './random.ts'
import {
  type Asked,
  brokenBody,
  monstrousBody,
  type Pool,
  randomRequest,
  spoil,
} from './requests.ts'
import { allowed, BUCKET, CONFIGS, prefixOf, SECRET, SECRET_KEY, USERS } from './signers.ts'

/** What a run has done. */
export interface FuzzReport {
  calls: number
  /** Single requests in those calls that were answered. */
  answered: number
  signed: number
  refused: number
  /** How often each status came. */
  statuses: Record<number, number>
  /** Grants that were forged, foreign or over, and came back refused. */
  forgeriesRefused: number
  /** Requests that reached the bucket. */
  bucketRequests: number
  /** Promises that did not hold: one sentence each, with what was sent. */
  failures: string[]
}

/** Longer than any grant lives, in ms. */
const EIGHT_DAYS = 8 * 86_400_000

class Fuzzer {
  readonly report: FuzzReport = {
    calls: 0,
    answered: 0,
    signed: 0,
    refused: 0,
    statuses: {},
    forgeriesRefused: 0,
    bucketRequests: 0,
    failures: [],
  }
  readonly #random: Choices
  readonly #signers: Signer[]
  /** By signer and user. Buckets are the same, so the secret and the user must keep them apart. */
  readonly #grants = new Map<string, string[]>()
  #old: string[] = []
  /** Paths of objects that were put together from parts. */
  readonly #completed = new Set<string>()
  #now = Date.UTC(2026, 10, 24)
  #user = 'ann'
  #sent = ''

  constructor(random: Choices) {
    this.#random = random
    this.#signers = CONFIGS.map((config) =>
      createSigner({
        bucket: { ...BUCKET, postPolicy: true },
        secret: SECRET,
        authorize: (request) => allowed(request),
        onSigned: ({ key }) => this.#checkKey(key),
        onUploaded: ({ key }) => this.#checkKey(key),
        log: (entry) => this.#checkLog(entry),
        now: () => new Date(this.#now),
        fetch: async (url, init) => this.#bucket(url, init),
        onError: (error) => this.#fail(`An unexpected error: ${error}`),
        ...config,
      }),
    )
  }

  async call(): Promise<void> {
    const random = this.#random
    this.report.calls += 1
    this.#user = random.pick(USERS)
    if (random.chance(0.003)) this.#grow()
    const { body, asked } = this.#body()
    this.#sent = body
    const headers: Record<string, string> = { 'Content-Type': 'application/json', user: this.#user }
    if (random.chance(0.02))
      headers['Content-Type'] = random.pick(['text/plain', 'x', 'application/json; charset=x'])
    if (random.chance(0.02))
      headers.Origin = random.pick(['https://evil.test', 'null', 'x', 'http://signer.test'])
    const isStranger = random.chance(0.02)
    if (isStranger) delete headers.user
    const method = random.chance(0.98) ? 'POST' : random.pick(['GET', 'PUT', 'DELETE', 'OPTIONS'])
    const init = method === 'GET' ? { method, headers } : { method, headers, body }
    try {
      const signer = random.pick(this.#signers)
      const response = await signer(new Request('http://signer.test/sign', init))
      await this.#judge(response, asked, isStranger)
    } catch (error) {
      this.#fail(`It rejected: ${error}`)
    }
  }

  /** Time goes on, so that grants end. */
  #grow(): void {
    this.#now += EIGHT_DAYS
    this.#old = [...this.#grants.values()].flat().slice(-50)
    this.#grants.clear()
  }

  #body(): { body: string; asked: Map<string, Asked> } {
    const random = this.#random
    const pool = this.#pool()
    const count = 1 + random.below(random.chance(0.05) ? 30 : 3)
    const list = Array.from({ length: count }, (_, index) =>
      randomRequest(random, pool, `${index}`),
    )
    const message = { version: 1, requests: list.map(({ request }) => request) }
    const whole = JSON.stringify(message)
    if (random.chance(0.002)) return { body: monstrousBody(random), asked: new Map() }
    if (random.chance(0.05)) return { body: brokenBody(random, whole), asked: new Map() }
    if (random.chance(0.4))
      return { body: JSON.stringify(spoil(random, message)) ?? '', asked: new Map() }
    return { body: whole, asked: new Map(list.map((each) => [String(each.request.id), each])) }
  }

  #pool(): Pool {
    const foreign = USERS.filter((user) => user !== this.#user).flatMap(
      (user) => this.#grants.get(user) ?? [],
    )
    return { own: this.#grants.get(this.#user) ?? [], foreign: [...foreign, ...this.#old] }
  }

  async #judge(response: Response, asked: Map<string, Asked>, isStranger: boolean): Promise<void> {
    const { report } = this
    const { status } = response
    report.statuses[status] = (report.statuses[status] ?? 0) + 1
    const text = await response.text()
    this.#lookForLeaks(text + JSON.stringify([...response.headers]))
    if (status === 204) return
    if (status >= 500) this.#fail(`Status ${status}`)
    if (isStranger && status === 200) this.#fail('A stranger was answered.')
    const body = JSON.parse(text)
    const faults = wireFaults(status === 200 ? 'SignerResponseBody' : 'SignerErrorBody', body)
    if (faults.length > 0) this.#fail(faults.join('; '))
    for (const each of body.responses ?? []) this.#judgeOne(each, asked.get(each.id))
  }

  // biome-ignore lint/suspicious/noExplicitAny: what came back
  #judgeOne(response: Record<string, any>, asked: Asked | undefined): void {
    const { report } = this
    report.answered += 1
    if (response.error) {
      report.refused += 1
      if (asked?.forged) report.forgeriesRefused += 1
      if (response.error.code === 'internal-error') this.#fail('An internal error')
      return
    }
    report.signed += 1
    if (asked?.forged) this.#fail('A grant that is not the caller’s was taken.')
    if (response.key !== undefined) this.#checkKey(response.key)
    if (response.fields) this.#checkKey(response.fields.key)
    if (response.url !== undefined) this.#checkUrl(response.url, response.fields !== undefined)
    if (response.downloadUrl !== undefined) this.#checkLink(response.downloadUrl)
    for (const value of Object.values(response.headers ?? {})) {
      if (!/^[ -~]*$/.test(String(value))) this.#fail(`No value for a header: ${value}`)
    }
    if (typeof response.grant === 'string') this.#keep(response.grant)
  }

  #keep(grant: string): void {
    const kept = this.#grants.get(this.#user) ?? []
    if (kept.length < 200) this.#grants.set(this.#user, [...kept, grant])
    else kept[this.#random.below(kept.length)] = grant
  }

  /** A link to download by: presigned, or one of those that some signers here make instead. */
  #checkLink(url: string): void {
    const others = /^https:\/\/(?:cdn|files)\.example\/([^?#]*)(?:\?as=[^?#]*)?$/
    const key = others.exec(url)?.[1]
    if (key === undefined) this.#checkUrl(url)
    else this.#checkKey(decodeURIComponent(key))
  }

  /** A log has the user's own keys in it, and nothing that opens anything. */
  #checkLog({ origin: _, ...entry }: LogEntry): void {
    const text = JSON.stringify(entry)
    this.#lookForLeaks(text)
    if (/X-Amz-|https?:|"grant"/.test(text)) this.#fail(`A log entry: ${text}`)
    for (const { key } of entry.requests) if (key !== undefined) this.#checkKey(key)
  }

  /** Reads the path by hand: to parse it would take out what is looked for. */
  #checkUrl(url: string, isForm = false): void {
    const [, host, path = ''] = /^https:\/\/([^/?#]+)\/([^?#]*)/.exec(url) ?? []
    if (host !== 's3.us-east-1.amazonaws.com') this.#fail(`A URL for the host ${host}`)
    if (!path.startsWith('photos/')) this.#fail(`A URL for another bucket: ${path}`)
    const key = path.slice('photos/'.length)
    if (new URL(url).pathname !== `/${path}`) this.#fail('A browser reads another path from a URL.')
    if (isForm) {
      if (key !== '') this.#fail('A form goes to an object.')
      return
    }
    this.#checkKey(decodeURIComponent(key))
    const expires = Number(new URL(url).searchParams.get('X-Amz-Expires'))
    if (!(expires >= 1 && expires <= 3600)) this.#fail(`A URL lives for ${expires} seconds.`)
  }

  #checkKey(key: string): void {
    if (!key.startsWith(prefixOf(this.#user))) this.#fail(`A key outside the prefix: ${key}`)
    if (key.split('/').some((part) => part === '' || part === '.' || part === '..')) {
      this.#fail(`A key that climbs: ${key}`)
    }
    if (/\p{Cc}/u.test(key) || Buffer.byteLength(key) > 1024) this.#fail(`A bad key: ${key}`)
  }

  #lookForLeaks(text: string): void {
    if (text.includes(SECRET_KEY) || text.includes(SECRET)) this.#fail('A secret is in the answer.')
    if (/\n\s+at |node:internal|\.ts:\d+/.test(text)) this.#fail('A stack trace is in the answer.')
  }

  /** A bucket that believes everything, and now and then has forgotten an upload. */
  #bucket(address: string, { method = 'GET' }: RequestInit): Response {
    this.report.bucketRequests += 1
    const { searchParams: query, pathname } = new URL(address)
    if (pathname === '/photos/') {
      if (query.has('list-type')) {
        if (query.get('prefix') !== prefixOf(this.#user))
          this.#fail('It counts what is not theirs.')
        const contents = '<Contents></Contents>'.repeat(this.#random.below(5))
        return xml(`<ListBucketResult>${contents}</ListBucketResult>`)
      }
      this.#checkKey(query.get('prefix') ?? '')
      return xml('<ListMultipartUploadsResult></ListMultipartUploadsResult>')
    }
    this.#checkUrl(address)
    if (query.has('uploads')) {
      return xml(
        '<InitiateMultipartUploadResult><UploadId>u-1</UploadId></InitiateMultipartUploadResult>',
      )
    }
    const isThere = this.#completed.has(pathname) || this.#random.chance(0.5)
    if (method === 'HEAD' && !isThere) return new Response(null, { status: 404 })
    if (method === 'HEAD')
      return new Response(null, {
        headers: { 'Content-Length': this.#random.pick(['1', '5', '48211']) },
      })
    if (method === 'DELETE') return new Response(null, { status: 204 })
    if (this.#random.chance(0.3)) return xml('<Error><Code>NoSuchUpload</Code></Error>', 404)
    if (method === 'POST') {
      this.#completed.add(pathname)
      return xml('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    }
    const size = this.#random.pick(['1', '5', '48211'])
    return xml(
      `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"a"</ETag><Size>${size}</Size></Part></ListPartsResult>`,
    )
  }

  #fail(said: string): void {
    const sent = this.#sent.length > 500 ? `${this.#sent.slice(0, 500)}…` : this.#sent
    if (this.report.failures.length < 20)
      this.report.failures.push(`${said}\n  ${this.#user} sent: ${sent}`)
  }
}

function xml(text: string, status = 200): Response {
  return new Response(`<?xml version="1.0"?>${text}`, { status })
}

/** Sends so many calls; the same seed sends the same ones. */
export async function fuzzSigner(
  { calls, seed }: { calls: number; seed: number },
  onProgress: (calls: number) => void = () => {},
): Promise<FuzzReport> {
  const fuzzer = new Fuzzer(seededChoices(seed))
  for (let call = 0; call < calls && fuzzer.report.failures.length < 20; call += 1) {
    await fuzzer.call()
    if (call % 10_000 === 9999) onProgress(call + 1)
  }
  return fuzzer.report
}
