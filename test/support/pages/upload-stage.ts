/** A page, a signer and a bucket, with a line between them that can be held in the middle of an upload. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import puppeteer, { type Browser } from 'puppeteer-core'
import { findChromium } from '../../../scripts/lib/chromium.ts'
import { createSigner, presign, s3 } from '../../../src/server/index.ts'
import { chromiumFlags } from '../browsers/browser.ts'
import type { FileOnDisk } from '../browsers/picked-file.ts'
import { CDN as BUILT } from '../built.ts'
import { PAGE } from '../chaos/page.ts'
import type { ExampleSigner, SignerBucket } from '../examples/example-signer.ts'
import { startFaultProxy } from '../faults/fault-proxy.ts'
import type { Gateway } from '../servers/ceph.ts'
import { bucketName, cephGateway } from '../servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  emptyBucket,
  getObject,
  type ListedObject,
  type ListedUpload,
  listMultipartUploads,
  listObjects,
  OPEN_CORS,
} from '../servers/s3-admin.ts'
import { filesIn, serve } from './site.ts'

/** What an interrupted upload is played on. Whoever sets it up stops it. */
export interface UploadStage {
  /** The page of `chaos/page.ts`, and the built library beside it. */
  origin: string
  /** For parts of five MiB, of another origin than the page. */
  signer: string
  gateway: Gateway
  /** Name of the bucket. */
  bucket: string
  /** Numbers of the parts that were sent since the line was last held or let go, in their order. */
  readonly sent: number[]
  /** Lets so many PUTs through; those that come after get no answer. */
  hold(after: number): void
  letGo(): void
  /** Whether the signer is there; while it is down, whoever calls it is cut off. */
  signerIs(state: 'up' | 'down'): void
  /** Waits until the one unfinished upload has so many parts; answers with their numbers. */
  untilStored(count: number): Promise<number[]>
  objects(): Promise<ListedObject[]>
  uploads(): Promise<ListedUpload[]>
  /** Whether the only object is this file, and nothing is unfinished. */
  holdsOnly(file: FileOnDisk): Promise<boolean>
  /** Throws away all that is in the bucket. */
  clear(): Promise<void>
  stop(): Promise<void>
}

const MIB = 2 ** 20
const POLL = 50

/**
 * Sets the stage before Ceph's gateway.
 *
 * @param start starts another signer than ours, for a page of this origin
 */
export async function setUploadStage(
  start?: (bucket: SignerBucket, origin: string) => Promise<ExampleSigner>,
): Promise<UploadStage> {
  const gateway = await cephGateway()
  const name = bucketName('stage')
  await createBucket(gateway, name, [OPEN_CORS])
  const gate = partGate()
  const line = await startFaultProxy({ target: gateway.endpoint, choose: gate.choose })
  const place = { ...gateway, bucket: name, endpoint: line.origin }
  const bucket = s3({ ...place, partRules: { idealSize: 5 * MIB } })
  const site = await servePage()
  const server = await (start?.(place, site.origin) ?? startOurs(bucket))
  let isDown = false
  const signer = await startFaultProxy({
    target: server.url,
    choose: () => (isDown ? 'reset-before' : undefined),
  })
  const objects = () => listObjects(gateway, name)
  const uploads = () => listMultipartUploads(gateway, name)
  return {
    origin: site.origin,
    signer: signer.origin,
    gateway,
    bucket: name,
    sent: gate.sent,
    hold: gate.set,
    letGo: () => gate.set(Number.POSITIVE_INFINITY),
    signerIs: (state) => {
      isDown = state === 'down'
    },
    objects,
    uploads,
    async untilStored(count) {
      for (;;) {
        const [upload] = await uploads()
        const parts = upload ? await partsOf(bucket, upload) : []
        if (parts.length >= count) return parts
        await wait(POLL)
      }
    },
    async holdsOnly(file) {
      const [[object, ...others], unfinished] = await Promise.all([objects(), uploads()])
      if (!object || others.length > 0 || unfinished.length > 0) return false
      const stored = await getObject(gateway, name, object.key)
      const digest = createHash('sha256').update(stored?.body ?? '')
      return digest.digest('hex') === file.sha256
    },
    clear: () => emptyBucket(gateway, name),
    async stop() {
      for (const each of [line, signer, server, site]) each.stop()
      await deleteBucket(gateway, name)
    },
  }
}

async function startOurs(bucket: ReturnType<typeof s3>): Promise<ExampleSigner> {
  const { origin, stop } = await serve(
    createSigner({ bucket, authorize: 'everybody', origins: '*' }),
  )
  return { url: origin, stop }
}

/** Serves the page as `/`, the library beside it, and whatever else there is. */
export function servePage(
  other: (request: Request) => Promise<Response | undefined> = async () => undefined,
) {
  const built = filesIn(BUILT)
  return serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return new Response(PAGE, { headers: { 'Content-Type': 'text/html' } })
    return (await other(request)) ?? built(request)
  })
}

/** A browser with a profile that outlives it. */
export function launchWithProfile(userDataDir: string): Promise<Browser> {
  return puppeteer.launch({ executablePath: findChromium(), args: chromiumFlags, userDataDir })
}

/** Ends a browser and all its processes as a power cut does: they have no time to do anything. */
export async function killBrowser(browser: Browser): Promise<void> {
  const main = browser.process()
  if (!main?.pid) throw new Error('The browser is not a process of ours.')
  const exit = once(main, 'exit')
  // Puppeteer starts it as the first of its process group.
  process.kill(-main.pid, 'SIGKILL')
  await exit
}

function partGate() {
  const sent: number[] = []
  let left = Number.POSITIVE_INFINITY
  return {
    sent,
    set(count: number) {
      sent.length = 0
      left = count
    },
    choose({ method, url }: { method: string; url: string }) {
      if (method !== 'PUT') return undefined
      sent.push(Number(new URL(url, 'http://proxy').searchParams.get('partNumber')))
      return left-- > 0 ? undefined : ('stall' as const)
    },
  }
}

async function partsOf(
  bucket: ReturnType<typeof s3>,
  { key, uploadId }: ListedUpload,
): Promise<number[]> {
  const { url } = await presign(bucket, {
    method: 'GET',
    key,
    query: { uploadId },
    expiresIn: 60,
    now: new Date(),
  })
  const xml = await (await fetch(url)).text()
  return Array.from(xml.matchAll(/<PartNumber>(\d+)</g), ([, number]) => Number(number))
}
