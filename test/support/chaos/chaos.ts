/** Uploads files through everything that can go wrong on the way, and looks what became of them. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import { createSigner, s3 } from '../../../src/server/index.ts'
import { launchBrowser } from '../browsers/browser.ts'
import { CDN as BUILT } from '../built.ts'
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts'
import { type ChooseFault, FAULTS, type Fault, seededFaults } from '../faults/faults.ts'
import { filesIn, serve } from '../pages/site.ts'
import type { Gateway } from '../servers/ceph.ts'
import { bucketName, cephGateway } from '../servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../servers/s3-admin.ts'
import { type Disruption, planDisruptions } from './disruptions.ts'
import { type ChaosFile, makeFiles } from './files.ts'
import { beginUploads, PAGE, type PageState, readState } from './page.ts'
import { findProblems } from './verify.ts'

/** What to try. The defaults take some seconds. */
export interface ChaosOptions {
  /** The same seed makes the same files, faults and disruptions. 1 by default. */
  seed?: number
  /** 30 by default. */
  files?: number
  /** Bytes. 20 MB by default. */
  maxSize?: number
  /** Which share of all requests goes wrong, from 0 to 1. 0.1 by default. */
  faultRate?: number
  /** All by default. */
  faults?: readonly Fault[]
  /** How often the line is cut for some seconds. 1 by default. */
  offlines?: number
  /** How often the page is reloaded. 1 by default. */
  reloads?: number
  /** Milliseconds until it is given up. 90 seconds by default. */
  limit?: number
  /** Options of the engine, besides the signer. It resumes, and waits five seconds for what stalls. */
  engine?: Record<string, unknown>
  /** Folder of the built library: of `bucket-upload.js` and what it loads. `dist/cdn` by default. */
  library?: string
  /** Hears what is going on. */
  log?: (line: string) => void
}

/** What became of it. */
export interface ChaosReport {
  seed: number
  files: number
  bytes: number
  /** How long the uploading took. */
  seconds: number
  /** Requests, and the faults among them. */
  bucket: { requests: number; faults: FaultProxy['counts'] }
  signer: { requests: number; faults: FaultProxy['counts'] }
  /** The disruptions that there were. */
  disruptions: Disruption['kind'][]
  /** One sentence each; none if every file is in the bucket, unchanged and once. */
  problems: string[]
}

interface Stage {
  bucket: FaultProxy
  signer: FaultProxy
  origin: string
  stop(): void
}

const POLL = 100

/** Uploads seeded files from Chromium to Ceph's gateway through faults and disruptions. */
export async function runChaos(options: ChaosOptions = {}): Promise<ChaosReport> {
  const { seed = 1, files: count = 30, maxSize = 20e6 } = options
  const gateway = await cephGateway()
  const name = bucketName('chaos')
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
  await createBucket(gateway, name, [OPEN_CORS])
  let browser: Browser | undefined
  let stage: Stage | undefined
  try {
    const files = makeFiles(folder, { seed, files: count, maxSize })
    stage = await setStage(gateway, name, options)
    browser = await launchBrowser()
    const page = await browser.newPage()
    const { state, seconds, disruptions } = await upload(page, stage, files, options)
    return {
      seed,
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      seconds,
      bucket: { requests: stage.bucket.requests, faults: stage.bucket.counts },
      signer: { requests: stage.signer.requests, faults: stage.signer.counts },
      disruptions,
      problems: await findProblems(gateway, name, files, state),
    }
  } finally {
    await browser?.close()
    stage?.stop()
    rmSync(folder, { recursive: true, force: true })
    await deleteBucket(gateway, name)
  }
}

/** The page's own site is reliable; what it talks to is not. */
async function setStage(gateway: Gateway, name: string, options: ChaosOptions): Promise<Stage> {
  const { seed = 1, faultRate: rate = 0.1, faults = FAULTS, library = BUILT, log } = options
  const bucket = await startFaultProxy({
    target: gateway.endpoint,
    choose: heard('bucket', seededFaults({ seed, rate, faults }), log),
    seed,
  })
  const config = s3({ ...gateway, bucket: name, endpoint: bucket.origin, postPolicy: true })
  const server = await serve(createSigner({ bucket: config, authorize: 'everybody', origins: '*' }))
  // A signer that answers 403 means it: no engine may go on after that.
  const ofSigners = faults.filter((fault) => fault !== 'expired')
  const signer = await startFaultProxy({
    target: server.origin,
    choose: heard('signer', seededFaults({ seed: seed + 1000, rate, faults: ofSigners }), log),
    seed,
  })
  const built = filesIn(library)
  const site = await serve((request) =>
    new URL(request.url).pathname === '/'
      ? new Response(PAGE, { headers: { 'Content-Type': 'text/html' } })
      : built(request),
  )
  const stop = () => {
    for (const each of [bucket, server, signer, site]) each.stop()
  }
  return { bucket, signer, origin: site.origin, stop }
}

/** Tells of each fault, but not of the URL: it is a presigned one. */
function heard(where: string, choose: ChooseFault, log: ChaosOptions['log']): ChooseFault {
  return (request) => {
    const fault = choose(request)
    const { pathname, searchParams } = new URL(request.url, 'http://proxy')
    const part = searchParams.get('partNumber')
    const what = `${request.method} ${pathname}${part ? ` part ${part}` : ''}`
    if (fault !== undefined) log?.(`  ${where}: ${fault}: ${what}`)
    return fault
  }
}

async function upload(page: Page, stage: Stage, files: ChaosFile[], options: ChaosOptions) {
  const { seed = 1, offlines = 1, reloads = 1, limit = 90_000, log = () => undefined } = options
  const patience = { stallTimeout: 5_000, signerTimeout: 5_000 }
  const engine = { resume: true, ...patience, ...options.engine, signer: stage.signer.origin }
  const planned = planDisruptions({ seed, offlines, reloads })
  const disruptions: Disruption['kind'][] = []
  // A page may ask whether to leave it while it uploads.
  page.on('dialog', (dialog) => void dialog.accept())
  const begin = () => beginUploads(page, stage.origin, files, engine)
  const start = performance.now()
  await begin()
  for (;;) {
    const state = await readState(page)
    const seconds = (performance.now() - start) / 1000
    const isOver = isSettled(state, files) || seconds * 1000 > limit
    if (isOver) return { state, seconds, disruptions }
    const next = planned[0]
    if (next !== undefined && shareDone(state, files) >= next.at) {
      planned.shift()
      disruptions.push(next.kind)
      log(`${next.kind} at ${Math.round(next.at * 100)} %`)
      await (next.kind === 'reload' ? begin() : cutLine(page, next.lasts))
    }
    await wait(POLL)
  }
}

async function cutLine(page: Page, lasts: number): Promise<void> {
  await page.setOfflineMode(true)
  await wait(lasts)
  await page.setOfflineMode(false)
}

function isSettled({ uploaded, failed }: PageState, files: ChaosFile[]): boolean {
  return files.every(({ name }) => uploaded[name] !== undefined || failed[name] !== undefined)
}

/** By count and by size, so that neither the small files nor the large ones are all that matters. */
function shareDone({ uploaded, loaded }: PageState, files: ChaosFile[]): number {
  const done = files.filter(({ name }) => uploaded[name] !== undefined)
  const bytes = (list: ChaosFile[]) => list.reduce((sum, { size }) => sum + size, 0)
  return (done.length / files.length + (bytes(done) + loaded) / Math.max(1, bytes(files))) / 2
}
