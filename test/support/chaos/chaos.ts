/** Uploads files through everything that can go wrong on the way, and looks what became of them. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../browsers/browser.ts'
import type { FaultProxy } from '../faults/fault-proxy.ts'
import { bucketName, cephGateway } from '../servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../servers/s3-admin.ts'
import { type Disruption, planDisruptions } from './disruptions.ts'
import { type ChaosFile, makeFiles } from './files.ts'
import { beginUploads, type PageState, readState } from './page.ts'
import { type Stage, type StageOptions, setStage } from './stage.ts'
import { findProblems } from './verify.ts'

/** What to try. The defaults take some seconds. */
export interface ChaosOptions extends StageOptions {
  /** 30 by default. */
  files?: number
  /** Bytes. 20 MB by default. */
  maxSize?: number
  /** How often the line is cut for some seconds. 1 by default. */
  offlines?: number
  /** How often the page is reloaded. 1 by default. */
  reloads?: number
  /** Milliseconds until it is given up. 90 seconds by default. */
  limit?: number
  /** Options of the engine, besides the signer. It resumes, and waits five seconds for what stalls. */
  engine?: Record<string, unknown>
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
