/** Where the contestants meet: a browser, a bucket, a signer, and the lines between them. */

import { randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, CDPSession, ElementHandle, Page } from 'puppeteer-core'
import { createSigner, s3 } from '../src/server/index.ts'
import { launchBrowser } from '../test/support/browsers/browser.ts'
import { startWan, type Wan } from '../test/support/faults/wan-proxy.ts'
import { filesIn, noIcon, type Site, serve } from '../test/support/pages/site.ts'
import type { Gateway } from '../test/support/servers/ceph.ts'
import { bucketName } from '../test/support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  emptyBucket,
  OPEN_CORS,
} from '../test/support/servers/s3-admin.ts'
import { fetchBeside } from './fetch-beside.ts'
import type { Bench, ContestantName, Lap } from './page/index.ts'
import type { Setup } from './page/setup.ts'
import { presigner } from './presigner.ts'

/** How far away the bucket and the signer are. */
export interface Place {
  /** The bucket is behind a WAN. */
  bucketAway?: boolean
  /** The signer is behind the same round trip, without a limit of its rate. */
  signerAway?: boolean
}

/** What a run is told besides its place. */
export type RunOptions = Partial<Pick<Setup, 'engine' | 'partSize'>>

/** A run, and how often it called its signer. */
export interface Run extends Lap {
  signerCalls: number
}

/** Milliseconds there and back. */
export const ROUND_TRIP = 100
/** Bytes per second and connection. */
export const RATE = 10e6

const HTML =
  '<!doctype html><meta charset="utf-8"><title>Bench</title><input type="file" multiple>' +
  '<script type="module" src="/bench.js"></script>'
const PART_SIZE = 16 * 2 ** 20
/** Bytes. What one write carries. */
const BLOCK = 2 ** 20

/** How long the gateway takes to give back what was deleted, in ms: nobody else should pay for that. */
const COLLECTION = 7_000

/** Everything that a scenario needs, for as long as the bench runs. */
export class Stage {
  readonly #gateway: Gateway
  readonly #bucket = bucketName('bench')
  /** For files on the disk. */
  readonly #folder: string
  readonly #sites: (Site | Wan)[] = []
  #browser: Browser | undefined
  #page: Page | undefined
  #origin = ''
  #far = { bucket: '', signer: '' }
  #signerCalls = 0

  constructor(gateway: Gateway, folder: string) {
    this.#gateway = gateway
    this.#folder = folder
  }

  /** Opens it; `library` and `page` are the folders of what was built. */
  async open(library: string, page: string): Promise<void> {
    await createBucket(this.#gateway, this.#bucket, [OPEN_CORS])
    const bucketLine = await startWan({
      target: this.#gateway.endpoint,
      roundTrip: ROUND_TRIP,
      rate: RATE,
    })
    const site = await this.#serve(library, page, bucketLine.origin)
    const rate = Number.POSITIVE_INFINITY
    const signerLine = await startWan({ target: site.origin, roundTrip: ROUND_TRIP, rate })
    this.#sites.push(bucketLine, site, signerLine)
    this.#far = { bucket: bucketLine.origin, signer: signerLine.origin }
    this.#origin = site.origin
    this.#browser = await launchBrowser()
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    for (const site of this.#sites) site.stop()
    await deleteBucket(this.#gateway, this.#bucket)
  }

  /** Name and version of the browser. */
  async browserVersion(): Promise<string> {
    return (await this.#browser?.version()) ?? ''
  }

  /** A fresh page, which has picked these files. */
  async openPage(paths: string[] = []): Promise<Page> {
    await this.#page?.close()
    const page = await (this.#browser as Browser).newPage()
    this.#page = page
    // What is timed here may take minutes.
    page.setDefaultTimeout(0)
    await page.goto(this.#origin)
    await page.waitForFunction(() => 'bench' in window)
    const input = (await page.$('input')) as ElementHandle<HTMLInputElement>
    if (paths.length > 0) await input.uploadFile(...paths)
    return page
  }

  /** Lets a contestant upload files from a fresh page, and throws away what it stored. */
  async run(
    name: ContestantName,
    paths: string[],
    place: Place,
    options: RunOptions = {},
    watch: (session: CDPSession) => Promise<void> = async () => undefined,
  ): Promise<Run> {
    const page = await this.openPage(paths)
    await watch(await page.createCDPSession())
    const before = this.#signerCalls
    const setup: Setup = { partSize: PART_SIZE, ...this.#addresses(place), ...options }
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
      if (!place.bucketAway) await wait(COLLECTION)
    }
  }

  /** Writes a file of random bytes; of more than 1 GiB, with a hole for an end. */
  file(name: string, size: number): string {
    const path = join(this.#folder, name)
    const file = openSync(path, 'w')
    for (let at = 0; at < Math.min(size, 2 ** 30); at += BLOCK) {
      writeSync(file, randomBytes(Math.min(BLOCK, size - at)))
    }
    ftruncateSync(file, size)
    closeSync(file)
    return path
  }

  #addresses({ bucketAway, signerAway }: Place): Pick<Setup, 'signer' | 'presign'> {
    const origin = signerAway ? this.#far.signer : this.#origin
    const place = bucketAway ? 'far' : 'near'
    return { signer: `${origin}/sign/${place}`, presign: `${origin}/presign/${place}` }
  }

  /** The page, the library and the signers, for a bucket that is near and one that is far. */
  #serve(library: string, page: string, far: string): Promise<Site> {
    const ofLibrary = filesIn(library)
    const ofPage = filesIn(page)
    const bucketAt = (endpoint: string) =>
      s3({ ...this.#gateway, bucket: this.#bucket, endpoint, postPolicy: true })
    const near = bucketAt(this.#gateway.endpoint)
    const away = bucketAt(far)
    const signers: Record<string, (request: Request) => Promise<Response> | Response> = {
      '/sign/near': createSigner({ bucket: near, authorize: 'everybody', origins: '*' }),
      '/sign/far': createSigner({
        bucket: away,
        authorize: 'everybody',
        origins: '*',
        fetch: fetchBeside(this.#gateway.endpoint),
      }),
      '/presign/near': presigner(near),
      '/presign/far': presigner(away),
    }
    return serve((request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/') return new Response(HTML, { headers: { 'Content-Type': 'text/html' } })
      if (pathname === '/favicon.ico') return noIcon()
      const signer = signers[pathname]
      if (signer !== undefined) {
        if (request.method === 'POST') this.#signerCalls++
        return signer(request)
      }
      if (!pathname.startsWith('/library/')) return ofPage(request)
      return ofLibrary(new Request(new URL(pathname.slice('/library'.length), request.url)))
    })
  }
}
