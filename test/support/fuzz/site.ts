/** One signer, its bucket, its hooks, and all that is known of them. */
import {
  type Caller,
  createSigner,
  type DiscardedObject,
  type LogEntry,
  type Signer,
  type SignerConfig,
  SignerError,
  type StoredFile,
  type UploadedObject,
} from '../../../src/server/index.ts'
import type { GivenLink, Opening } from './client.ts'
import type { FakeBucket } from './fake-bucket.ts'
import { type Answer, FakeS3 } from './fake-s3.ts'
import { checkKey, lookForLeaks, sameType } from './judge-texts.ts'
import { Ledger, type Who } from './ledger.ts'
import { DEFAULTS, type Facts, makeBucket, SECRET, type Setup, throwFault } from './signers.ts'
import type { World } from './world.ts'

/** An answer of the bucket that the signer does not get. */
export interface Trouble {
  /** `busy`: nothing was done. Else it was done, and the answer is broken off, empty, or an error. */
  kind: 'busy' | 'broken' | 'empty' | 'failed'
  /** The method of the request, where it is not the next one whatever it is. */
  method?: string
}

export class Site {
  readonly name: string
  readonly facts: Facts
  readonly world: World
  readonly s3: FakeS3
  /** Copies of the same signer. */
  readonly signers: readonly Signer[]
  readonly ledger = new Ledger()
  /** URLs and forms that store something. */
  readonly openings: Opening[] = []
  readonly links: GivenLink[] = []
  /** Those of the last call. */
  readonly latest: Opening[] = []
  /** Keys that `onSigned` was told in this call. */
  readonly announced = new Set<string>()
  /** Who calls. */
  who: Who = { name: undefined, user: null, prefix: '', bucket: '' }
  /** What will go wrong next between signer and bucket. */
  readonly troubles: Trouble[] = []
  readonly #places = new WeakMap<Caller, string>()

  constructor(setup: Setup, world: World) {
    this.name = setup.name
    this.facts = { ...DEFAULTS, ...setup.facts }
    this.world = world
    this.s3 = new FakeS3(world, this.facts.bases, {
      ...setup.s3,
      keepsObjects: !this.facts.overwrites,
      removesObjects: this.facts.discardsOf !== undefined,
    })
    const made = setup.make({
      world,
      bucket: (options) => makeBucket(world, options),
      placeOf: (caller) => this.#places.get(caller) ?? '',
    })
    this.signers = [made].flat().map((config) => createSigner(this.#fill(config)))
  }

  /** Begins a call of someone. */
  beginCall(who: Who): void {
    this.who = who
    this.announced.clear()
    this.latest.length = 0
    for (const { bucket } of this.s3.places) bucket.beginCall()
  }

  bucketOf({ bucket }: Who): FakeBucket {
    const place = this.s3.places.find((each) => each.bucket.name === bucket)
    if (place === undefined) throw new Error(`There is no bucket "${bucket}".`)
    return place.bucket
  }

  /** A caller of this signer. */
  caller(name: string | undefined, bucket: string): Who {
    const { isOpen, hasPrefixes } = this.facts
    const user = isOpen || name === undefined ? null : `id-of-${name}-5f2c`
    return { name, user, prefix: hasPrefixes ? `users/${name}/` : '', bucket }
  }

  #fill(config: Partial<SignerConfig>): SignerConfig {
    const { world } = this
    return {
      bucket: makeBucket(world),
      secret: SECRET,
      scope: this.name,
      authorize: (request) => this.#authorize(request),
      onSigned: (file) => this.#onSigned(file),
      ...(this.facts.isGated ? { onUploaded: (object) => this.#onUploaded(object) } : {}),
      onDiscard: (object) => this.#onDiscard(object),
      log: (entry) => this.#checkLog(entry),
      now: () => new Date(world.now),
      fetch: async (url, init) => this.#fetch(url, init),
      onError: (error) => this.#onError(error),
      ...config,
    }
  }

  #authorize(request: Request): Caller | null {
    const name = request.headers.get('user')
    if (name === null) return null
    if (name === 'banned') throw new SignerError('forbidden', 'You may not upload.')
    if (name === 'thrower') {
      this.world.incident.refusesAll = true
      throw new TypeError('The session store is down.')
    }
    const { hasPrefixes, maxFiles, openTo } = this.facts
    const caller: Caller = {
      user: `id-of-${name}-5f2c`,
      ...(hasPrefixes ? { prefix: `users/${name}` } : {}),
      maxFiles,
      routes: openTo?.[name],
      context: { name },
    }
    this.#places.set(caller, request.headers.get('place') ?? '')
    return caller
  }

  #onSigned({ key, meta, context, route }: StoredFile): void {
    checkKey(this, key)
    const { name } = (context ?? {}) as { name?: string }
    if (!this.facts.isOpen && name !== this.who.name) this.world.fail('A context of another call.')
    if (Object.hasOwn(this.facts.routes ?? {}, route ?? '') !== (this.facts.routes !== undefined)) {
      this.world.fail(`A hook gets the route ${route}.`)
    }
    this.announced.add(key)
    if (meta.album === 'fatal') throwFault(this.world)
    if (meta.album === 'full') throw new SignerError('quota', 'Your plan has no space left.')
  }

  #onUploaded({ key, file, etag }: UploadedObject): void {
    checkKey(this, key)
    const versions = this.bucketOf(this.who).during(key)
    const isRight = versions.some(
      (object) =>
        object.size === file.size && object.etag === etag && sameType(object.type, file.type),
    )
    if (!isRight) this.world.fail(`onUploaded was told of what is not there: ${key}`)
    this.world.note('onUploaded told')
    if (etag.startsWith('fa7a1')) throwFault(this.world)
    if (etag.startsWith('bad')) throw new SignerError('infected', 'The file has a virus.')
  }

  #onDiscard({ key, etag }: DiscardedObject): void {
    checkKey(this, key)
    const versions = this.bucketOf(this.who).during(key)
    if (!versions.some((object) => object.etag === etag)) {
      this.world.fail(`onDiscard was told of what is not there: ${key}`)
    }
    if (this.world.mishap(0.02)) throwFault(this.world)
    if (this.world.mishap(0.05)) throw new SignerError('in-use', 'The file is in use.')
  }

  #onError(error: unknown): void {
    const { incident } = this.world
    if (incident.refusesOne || incident.refusesAll) return
    this.world.fail(`An unexpected error: ${error instanceof Error ? error.stack : error}`)
  }

  /** A log has the user's own keys in it, and nothing that opens anything. */
  #checkLog({ origin: _, ...entry }: LogEntry): void {
    const text = JSON.stringify(entry)
    lookForLeaks(this.world, text)
    if (/X-Amz-|https?:|"grant"/.test(text)) this.world.fail(`A log entry: ${text}`)
    for (const { key } of entry.requests) if (key !== undefined) checkKey(this, key)
  }

  /** The signer's own requests to the bucket. Its time is not the signer's. */
  #fetch(url: string, init: RequestInit): Response {
    const before = process.threadCpuUsage()
    try {
      return this.#answer(url, init)
    } finally {
      const { user, system } = process.threadCpuUsage(before)
      this.world.othersTime += user + system
    }
  }

  #answer(url: string, { method = 'GET', headers, body }: RequestInit): Response {
    const { world } = this
    world.bucketRequests += 1
    const signedAt = world.now
    this.#addTroubles()
    const trouble = this.#takeTrouble(method)
    if (trouble === 'busy') {
      const body = '<Error><Code>SlowDown</Code></Error>'
      return toResponse(method, { status: 503, headers: {}, body })
    }
    this.#checkAsked(url)
    const sent = { method, url, headers: lowerCase(headers as Record<string, string>) }
    const answer = this.s3.answer({ ...sent, ...(body ? { xml: String(body) } : {}) })
    // Keys may end while the request is on its way. They do not end before.
    const isLate = world.now > signedAt && answer.body.includes('ExpiredToken')
    if (isLate) world.incident.refusesOne = true
    if (answer.status === 403 && !world.incident.refusesOne) {
      world.fail(`The bucket refuses a request of the signer itself: ${answer.body}`)
    }
    return trouble ? lose(method, trouble) : toResponse(method, answer)
  }

  #addTroubles(): void {
    const { world, troubles } = this
    if (world.mishap(0.01)) world.now += 100_000
    if (world.mishap(0.03)) {
      troubles.push({ kind: world.random.pick(['broken', 'empty', 'failed'] as const) })
    }
    if (world.mishap(0.002)) {
      const count = world.random.pick([1, 2, 5])
      troubles.push(...Array.from({ length: count }, () => ({ kind: 'busy' as const })))
    }
  }

  #takeTrouble(method: string): Trouble['kind'] | undefined {
    const { world, troubles } = this
    const next = troubles[0]
    if (next === undefined || (next.method ?? method) !== method) return undefined
    troubles.shift()
    world.note('answer lost')
    world.incident.refusesOne = true
    return next.kind
  }

  /** It asks only for what is the caller's. */
  #checkAsked(url: string): void {
    const { bucket, key } = this.s3.locate(url)
    const { prefix } = this.who
    const asked = new URL(url).searchParams
    if (bucket.name !== this.who.bucket) this.world.fail('It asks the bucket of another tenant.')
    if (key !== '') checkKey(this, key)
    else if (asked.has('uploads')) checkKey(this, asked.get('prefix') ?? '')
    else if (asked.get('prefix') !== prefix) this.world.fail('It counts what is not theirs.')
  }
}

/** The bucket has done what it was asked, and its answer does not come through. */
function lose(method: string, kind: Trouble['kind']): Response {
  if (kind === 'broken') throw new TypeError('fetch failed')
  // A HEAD has no body in which an error could be.
  const isEmpty = kind === 'empty' && method !== 'HEAD'
  const body = isEmpty ? '' : '<Error><Code>InternalError</Code></Error>'
  return toResponse(method, { status: isEmpty ? 200 : 500, headers: {}, body })
}

function toResponse(method: string, { status, headers, body }: Answer): Response {
  const hasBody = method !== 'HEAD' && status !== 204
  return new Response(hasBody ? body : null, { status, headers })
}

function lowerCase(headers: Record<string, string> = {}): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return Object.fromEntries(pairs)
}
