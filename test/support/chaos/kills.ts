/** Kills the browser again and again while it uploads, and looks what became of the files. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import type { UploadEngine } from '../../../src/engine/index.ts'
import { killBrowser, launchWithProfile } from '../pages/upload-stage.ts'
import { type Random, seededRandom } from '../random.ts'
import { bucketName, cephGateway } from '../servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../servers/s3-admin.ts'
import { between, type ChaosFile, writeFiles } from './files.ts'
import { type PageState, pickFiles, startEngine } from './page.ts'
import { type Stage, type StageOptions, setStage } from './stage.ts'
import { findProblems } from './verify.ts'

/** What to try. */
export interface KillOptions extends StageOptions {
  /** How often the browser is killed. */
  kills: number
  /** Milliseconds until it is given up. */
  limit: number
  /** Options of the engine, besides the signer. */
  engine?: Record<string, unknown>
}

/** What became of it. */
export interface KillReport {
  seed: number
  kills: number
  files: number
  bytes: number
  seconds: number
  /** Requests to the bucket and to the signer. */
  requests: number
  /** How many interrupted uploads the pages have listed. */
  listed: number
  /** One sentence each; none if every file is in the bucket, unchanged and once. */
  problems: string[]
}

const MIB = 2 ** 20
/** Of a batch of files, which is added when all others are uploaded. */
const SMALL = 6
const MEDIUM = 3
const LARGE = 3
/** The line of the browser, so that a kill finds requests under way. */
const LINE = { upload: 12e6, download: 50e6, latency: 10 }
/** In ms from when the files are added. */
const LONGEST_LIFE = 6_000
/** A page may also die at so many calls of the signer, or so many ms later. */
const MOST_CALLS = 8
const LONGEST_DELAY = 60
/** In ms from when the page is opened. How many die so early. */
const EARLY = 2_000
const SHARE_OF_EARLY = 0.1
const POLL = 50

/** Uploads seeded files from a Chromium that is killed at seeded moments, and started again. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const gateway = await cephGateway()
  const name = bucketName('kills')
  const folder = mkdtempSync(join(tmpdir(), 'kills-'))
  await createBucket(gateway, name, [OPEN_CORS])
  const user = new User(folder, options)
  try {
    return await user.run(gateway, name)
  } finally {
    await user.stop()
    rmSync(folder, { recursive: true, force: true })
    await deleteBucket(gateway, name)
  }
}

/** A user who comes back after each crash, and adds again what was not uploaded. */
class User {
  readonly #folder: string
  readonly #options: KillOptions
  readonly #random: Random
  readonly #files: ChaosFile[] = []
  /** What the pages have told, by name. */
  readonly #state: PageState = { uploaded: {}, failed: {}, active: {}, loaded: 0 }
  readonly #problems: string[] = []
  #browser: Browser | undefined
  #stage: Stage | undefined
  #kills = 0
  #listed = 0
  /** Is called with each call of the signer. */
  #called = () => {}
  /** Is called when the files are added. */
  #added = () => {}

  constructor(folder: string, options: KillOptions) {
    this.#folder = folder
    this.#options = options
    this.#random = seededRandom(options.seed ?? 1)
  }

  async run(gateway: Parameters<typeof setStage>[0], bucket: string): Promise<KillReport> {
    const { seed = 1, kills, limit } = this.#options
    const stage = await setStage(gateway, bucket, {
      ...{ faultRate: 0, partSize: 5 * MIB, ...this.#options },
      called: () => this.#called(),
      answer: (request) => this.#hear(request),
    })
    this.#stage = stage
    const start = performance.now()
    const isLate = () => performance.now() - start > limit
    this.#addBatch()
    while (this.#kills < kills && !isLate()) await this.#liveAndDie(stage)
    if (!isLate()) await this.#live(stage, isLate)
    const seconds = (performance.now() - start) / 1000
    for (const { name } of this.#missing()) this.#state.active[name] = 'not settled'
    return {
      ...{ seed, kills: this.#kills, files: this.#files.length, seconds, listed: this.#listed },
      bytes: this.#files.reduce((sum, { size }) => sum + size, 0),
      requests: stage.bucket.requests + stage.signer.requests,
      problems: [
        ...this.#problems,
        ...(await findProblems(gateway, bucket, this.#files, this.#state)),
      ],
    }
  }

  async stop(): Promise<void> {
    await this.#browser?.close()
    this.#stage?.stop()
  }

  /** A life that ends with a kill. */
  async #liveAndDie(stage: Stage): Promise<void> {
    const browser = await this.#launch()
    const death = this.#chooseDeath()
    const life = this.#upload(browser, stage, () => !browser.connected)
    // Before the browser is killed it must not fail, and it may fail by that.
    const error = await Promise.race([life.catch((reason) => reason), death.then(() => undefined)])
    if (error) throw error
    await killBrowser(browser)
    await life.catch(() => {})
    this.#browser = undefined
    this.#kills++
    const { length } = this.#missing()
    this.#options.log?.(`kill ${this.#kills}: ${length} of ${this.#files.length} files are missing`)
  }

  /** The last life: until all is settled, or it is late. */
  async #live(stage: Stage, isLate: () => boolean): Promise<void> {
    const browser = await this.#launch()
    await this.#upload(browser, stage, () => isLate() || this.#unsettled().length === 0)
  }

  async #launch(): Promise<Browser> {
    this.#browser = await launchWithProfile(join(this.#folder, 'profile'))
    this.#state.failed = {}
    return this.#browser
  }

  /** Resolves at a random moment, or close to a call of the signer. */
  async #chooseDeath(): Promise<void> {
    const [when = 0, moment = 0, count = 0, delay = 0] = Array.from({ length: 4 }, this.#random)
    if (when < SHARE_OF_EARLY) return wait(moment * EARLY)
    const added = new Promise<void>((resolve) => {
      this.#added = resolve
    })
    const isByCall = when > (1 + SHARE_OF_EARLY) / 2
    if (!isByCall) return added.then(() => wait(moment * LONGEST_LIFE))
    let calls = 1 + Math.floor(count * MOST_CALLS)
    const called = new Promise<void>((resolve) => {
      this.#called = () => void (--calls === 0 && resolve())
    })
    const atLast = added.then(() => wait(2 * LONGEST_LIFE, undefined, { ref: false }))
    await Promise.race([called.then(() => wait(delay * LONGEST_DELAY)), atLast])
  }

  /** Opens the page, adds what is missing, and more whenever nothing is. */
  async #upload(browser: Browser, stage: Stage, isOver: () => boolean): Promise<void> {
    const page = await browser.newPage()
    await page.emulateNetworkConditions(LINE)
    await page.goto(stage.origin)
    const patience = { stallTimeout: 5_000, signerTimeout: 5_000 }
    // To ask for a link is one more step in which a page may die.
    const steps = { multipartThreshold: 5 * MIB, limit: 3, linkExpires: 3600 }
    const engine = { resume: true, ...steps, ...patience }
    await page.evaluate(startEngine, {
      ...{ ...engine, ...this.#options.engine },
      signer: stage.signer.origin,
    })
    await page.evaluate(tellSite)
    await this.#lookAtInterrupted(page)
    await pickFiles(page, this.#missing())
    this.#added()
    while (!isOver()) {
      await wait(POLL)
      if (this.#unsettled().length > 0 || isOver()) continue
      await pickFiles(page, this.#addBatch())
    }
  }

  /** Discards what is listed as interrupted, though its page has said that it is uploaded. */
  async #lookAtInterrupted(page: Page): Promise<void> {
    const listed = await page.evaluate(listInterrupted)
    this.#listed += listed.length
    for (const { id, name } of listed) {
      if (!this.#files.some((file) => file.name === name)) this.#problems.push(`${name} is listed`)
      if (this.#state.uploaded[name]) await page.evaluate(discard, id)
    }
  }

  #addBatch(): ChaosFile[] {
    const random = this.#random
    const many = (count: number, size: () => number) => Array.from({ length: count }, size)
    const sizes = [
      0,
      ...many(SMALL, () => Math.floor(random() * 100_000)),
      ...many(MEDIUM, () => between(random, 100_000, 5e6)),
      ...many(LARGE, () => between(random, 8e6, 40e6)),
    ]
    const files = writeFiles(this.#folder, sizes, this.#files.length)
    this.#files.push(...files)
    return files
  }

  #missing(): ChaosFile[] {
    return this.#files.filter(({ name }) => this.#state.uploaded[name] === undefined)
  }

  #unsettled(): ChaosFile[] {
    return this.#missing().filter(({ name }) => this.#state.failed[name] === undefined)
  }

  /** What a page tells of a file: what the browser would remember may be lost with it. */
  async #hear(request: Request): Promise<Response | undefined> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/told') return undefined
    const [name = '', key, code] = ['name', 'key', 'code'].map((it) => searchParams.get(it) ?? '')
    if (key) this.#state.uploaded[name] = [...(this.#state.uploaded[name] ?? []), key]
    else {
      this.#state.failed[name] = code ?? ''
      this.#problems.push(`${name} failed, after ${this.#kills} kills: ${code}`)
    }
    return new Response(null, { status: 204 })
  }
}

/** Runs in the page. Waits for the answer, so that nothing is told that the site has not heard. */
function tellSite(): void {
  const { engine } = window as unknown as { engine: UploadEngine }
  const tell = (about: Record<string, string>) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/told?${new URLSearchParams(about)}`, false)
    request.send()
  }
  engine.addEventListener('file-uploaded', ({ detail }) => {
    tell({ name: detail.name, key: detail.key ?? '' })
  })
  engine.addEventListener('file-failed', ({ detail }) => {
    tell({ name: detail.file.name, code: detail.code })
  })
}

/** Runs in the page. */
async function listInterrupted(): Promise<{ id: string; name: string }[]> {
  const uploads = await (window as unknown as { engine: UploadEngine }).engine.interrupted()
  return uploads.map(({ id, name }) => ({ id, name }))
}

/** Runs in the page. */
function discard(id: string): Promise<void> {
  return (window as unknown as { engine: UploadEngine }).engine.discardInterrupted(id)
}
