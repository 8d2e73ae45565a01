/** Where the contestants meet: a browser, a bucket, a signer, and the lines between them. */

import { randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import puppeteer, {
  type Browser,
  type CDPSession,
  type ElementHandle,
  type Page,
} from 'puppeteer-core'
import { findChromium } from '../scripts/lib/chromium.ts'
import type { FetchHandler } from '../src/server/http/node.ts'
import { createSigner, s3 } from '../src/server/index.ts'
import { chromiumFlags } from '../test/support/browsers/browser.ts'
import { startWan } from '../test/support/faults/wan-proxy.ts'
import { filesIn, noIcon, type Site, serve } from '../test/support/pages/site.ts'
import type { Gateway } from '../test/support/servers/ceph.ts'
import { makeCertificate } from '../test/support/servers/certificate.ts'
import { fetchBeside } from '../test/support/servers/fetch-beside.ts'
import { bucketName } from '../test/support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  emptyBucket,
  OPEN_CORS,
} from '../test/support/servers/s3-admin.ts'
import type { Bench, ContestantName, Lap } from './page/index.ts'
import type { Setup } from './page/setup.ts'
import { ROUTES, type RouteName, type RouteOf } from './routes/index.ts'
import { ROUND_TRIP, type Route, type RouteContext } from './routes/route.ts'
import { passOn, startForeign } from './signers/foreign.ts'
import { presigner } from './signers/presigner.ts'
import { slowedFilesIn } from './slow-worker.ts'

/** Where the bucket and the signer are. */
export interface Place {
  /** How the bucket is reached; `near` by default. */
  route?: RouteName
  /** The signer is 100 ms away, without a limit of its rate. */
  signerAway?: boolean
  /** The signer is the one in Python. */
  foreign?: boolean
}

/** What a run is told besides its place. */
export type RunOptions = Partial<Omit<Setup, 'signer' | 'presign'>>

/** A run, and how often it called its signer. */
export interface Run extends Lap {
  signerCalls: number
}

/** Folders of what was built. */
export interface Built {
  library: string
  page: string
  /** An older library, to run beside. */
  before?: string | undefined
}

const HTML =
  '<!doctype html><meta charset="utf-8"><title>Bench</title><input type="file" multiple>' +
  '<script type="module" src="/bench.js"></script>'
const PART_SIZE = 16 * 2 ** 20
/** Bytes. What one write carries. */
const BLOCK = 2 ** 20

/** How long the gateway takes to give back what was deleted, in ms: no other run should pay for that. */
const COLLECTION = 7_000

/** Everything that a scenario needs, for as long as the bench runs. */
export class Stage {
  /** How many times slower each page computes, and its workers hash. */
  readonly slowdown: number
  readonly #gateway: Gateway
  readonly #bucket = bucketName('bench')
  /** For files on the disk. */
  readonly #folder: string
  readonly #context: RouteContext
  readonly #routes = new Map<RouteName, Promise<Route>>()
  /** By their paths. */
  readonly #signers = new Map<string, FetchHandler>()
  readonly #started: { stop(): void }[] = []
  #browser: Browser | undefined
  #page: Page | undefined
  #origin = ''
  #farOrigin = ''
  #signerCalls = 0
  #before: string | undefined

  constructor(gateway: Gateway, folder: string, slowdown = 1) {
    this.#gateway = gateway
    this.#folder = folder
    this.#context = { gateway, certificate: makeCertificate(folder) }
    this.slowdown = slowdown
  }

  async open(built: Built): Promise<void> {
    await createBucket(this.#gateway, this.#bucket, [OPEN_CORS])
    const site = await this.#serve(built)
    const rate = Number.POSITIVE_INFINITY
    const line = await startWan({ target: site.origin, roundTrip: ROUND_TRIP, rate })
    this.#started.push(line, site)
    this.#origin = site.origin
    this.#farOrigin = line.origin
    this.#before = built.before && '/before/bucket-upload.js'
    this.#browser = await puppeteer.launch({
      executablePath: findChromium(),
      args: [...chromiumFlags, this.#context.certificate.flag],
      // What is timed here may take minutes.
      protocolTimeout: 600_000,
    })
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    for (const each of this.#started) each.stop()
    await deleteBucket(this.#gateway, this.#bucket)
  }

  /** Address of the older library, if one takes part. */
  get before(): string | undefined {
    return this.#before
  }

  /** Name and version of the browser. */
  async browserVersion(): Promise<string> {
    return (await this.#browser?.version()) ?? ''
  }

  /** A way to the bucket, which is opened if it is not yet. */
  route<Name extends RouteName>(name: Name): Promise<RouteOf<Name>> {
    const route = this.#routes.get(name) ?? this.#open(name)
    this.#routes.set(name, route)
    return route as Promise<RouteOf<Name>>
  }

  /** A fresh page, which has picked these files. */
  async openPage(paths: string[] = []): Promise<Page> {
    await this.#page?.close()
    const page = await (this.#browser as Browser).newPage()
    this.#page = page
    page.setDefaultTimeout(0)
    if (this.slowdown > 1) await page.emulateCPUThrottling(this.slowdown)
    await page.goto(this.#origin)
    await page.waitForFunction(() => 'bench' in window)
    const input = (await page.$('input')) as ElementHandle<HTMLInputElement>
    if (paths.length > 0) await input.uploadFile(...paths)
    return page
  }

  /**
   * Lets a contestant upload files from a fresh page, and throws away what it stored.
   *
   * @param watch is told of the page before the contestant begins
   */
  async run(
    name: ContestantName,
    paths: string[],
    place: Place,
    options: RunOptions = {},
    watch: (page: Page, session: CDPSession) => Promise<void> = async () => undefined,
  ): Promise<Run> {
    const addresses = await this.#addresses(place)
    const page = await this.openPage(paths)
    await watch(page, await page.createCDPSession())
    const before = this.#signerCalls
    const library = '/library/bucket-upload.js'
    const setup: Setup = { partSize: PART_SIZE, library, ...addresses, ...options }
    try {
      const lap = await page.evaluate(
        (who, what) => (window as unknown as { bench: Bench }).bench.run(who, what),
        name,
        setup,
      )
      return { ...lap, signerCalls: this.#signerCalls - before }
    } finally {
      await emptyBucket(this.#gateway, this.#bucket)
      // Over a WAN the gateway has time enough for both.
      if ((place.route ?? 'near') === 'near') await wait(COLLECTION)
    }
  }

  /** Writes a file of random bytes; of more than 1 GiB, with a hole for an end. */
  file(name: string, size: number): string {
    return this.#write(name, size, Math.min(size, 2 ** 30))
  }

  /** Makes a file of nothing but a hole, which takes no room on the disk. */
  hole(name: string, size: number): string {
    return this.#write(name, size, 0)
  }

  #write(name: string, size: number, random: number): string {
    const path = join(this.#folder, name)
    const file = openSync(path, 'w')
    for (let at = 0; at < random; at += BLOCK) {
      writeSync(file, randomBytes(Math.min(BLOCK, random - at)))
    }
    ftruncateSync(file, size)
    closeSync(file)
    return path
  }

  async #addresses(place: Place): Promise<Pick<Setup, 'signer' | 'presign'>> {
    const { route = 'near', signerAway = false, foreign = false } = place
    await this.route(route)
    if (foreign) await this.#startForeign(route)
    const origin = signerAway ? this.#farOrigin : this.#origin
    const signer = `${origin}/${foreign ? 'foreign' : 'sign'}/${route}`
    return { signer, presign: `${origin}/presign/${route}` }
  }

  /** Opens a route, with our signer and the one for Uppy at its near end. */
  async #open(name: RouteName): Promise<Route> {
    const route: Route = await ROUTES[name](this.#context)
    this.#started.push(route)
    const bucket = s3({
      ...this.#gateway,
      bucket: this.#bucket,
      endpoint: route.endpoint,
      postPolicy: true,
      lanes: route.lanes,
    })
    const fetch = fetchBeside(route.beside)
    const signer = createSigner({ bucket, authorize: 'everybody', origins: '*', fetch })
    this.#signers.set(`/sign/${name}`, signer)
    this.#signers.set(`/presign/${name}`, presigner(bucket))
    return route
  }

  async #startForeign(name: RouteName): Promise<void> {
    const path = `/foreign/${name}`
    if (this.#signers.has(path)) return
    const { endpoint, beside } = await this.route(name)
    const bucket = { ...this.#gateway, bucket: this.#bucket, endpoint }
    const foreign = await startForeign(bucket, beside)
    this.#started.push(foreign)
    this.#signers.set(path, passOn(foreign.url))
  }

  /** The page, the libraries and the signers. */
  #serve({ library, page, before }: Built): Promise<Site> {
    const folders: [string, FetchHandler][] = [
      ['/library', slowedFilesIn(library, this.slowdown)],
      ...(before === undefined
        ? []
        : [['/before', slowedFilesIn(before, this.slowdown)] as [string, FetchHandler]]),
      ['', filesIn(page)],
    ]
    return serve((request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/') return new Response(HTML, { headers: { 'Content-Type': 'text/html' } })
      if (pathname === '/favicon.ico') return noIcon()
      const signer = this.#signers.get(pathname)
      if (signer !== undefined) {
        if (request.method === 'POST') this.#signerCalls++
        return signer(request)
      }
      const [prefix, files] = folders.find(([start]) => pathname.startsWith(`${start}/`)) as [
        string,
        FetchHandler,
      ]
      return files(new Request(new URL(pathname.slice(prefix.length), request.url)))
    })
  }
}
