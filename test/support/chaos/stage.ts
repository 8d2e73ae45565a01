/** A page, and what it talks to: a bucket and a signer, each behind a proxy that lets requests go wrong. */

import { createSigner, s3 } from '../../../src/server/index.ts'
import { CDN as BUILT } from '../built.ts'
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts'
import { type ChooseFault, FAULTS, type Fault, seededFaults } from '../faults/faults.ts'
import { filesIn, serve } from '../pages/site.ts'
import type { Gateway } from '../servers/ceph.ts'
import { PAGE } from './page.ts'

/** What it is made of. */
export interface StageOptions {
  /** The same seed makes the same files, faults and disruptions. 1 by default. */
  seed?: number
  /** Which share of all requests goes wrong, from 0 to 1. 0.1 by default. */
  faultRate?: number
  /** All by default. */
  faults?: readonly Fault[]
  /** Bytes. As the preset chooses by default. */
  partSize?: number
  /** Folder of the built library: of `bucket-upload.js` and what it loads. `dist/cdn` by default. */
  library?: string
  /** Answers what the page asks of its own site. */
  answer?: (request: Request) => Promise<Response | undefined>
  /** Is called with each request to the signer. */
  called?: () => void
  /** Hears what is going on. */
  log?: (line: string) => void
}

/** A stage that the caller has to stop. */
export interface Stage {
  bucket: FaultProxy
  signer: FaultProxy
  /** Of the page. */
  origin: string
  stop(): void
}

/** The page's own site is reliable; what it talks to is not. */
export async function setStage(
  gateway: Gateway,
  name: string,
  options: StageOptions,
): Promise<Stage> {
  const { seed = 1, faultRate: rate = 0.1, faults = FAULTS, library = BUILT, log } = options
  const bucket = await startFaultProxy({
    target: gateway.endpoint,
    choose: heard('bucket', seededFaults({ seed, rate, faults }), log),
    seed,
  })
  const { partSize, called } = options
  const config = s3({
    ...{ ...gateway, bucket: name, endpoint: bucket.origin, postPolicy: true },
    ...(partSize === undefined ? {} : { partRules: { idealSize: partSize } }),
  })
  const server = await serve(createSigner({ bucket: config, authorize: 'everybody', origins: '*' }))
  // A signer that answers 403 means it: no engine may go on after that.
  const ofSigners = faults.filter((fault) => fault !== 'expired')
  const choose = heard('signer', seededFaults({ seed: seed + 1000, rate, faults: ofSigners }), log)
  const signer = await startFaultProxy({
    target: server.origin,
    choose: (request) => {
      if (request.method === 'POST') called?.()
      return choose(request)
    },
    seed,
  })
  const built = filesIn(library)
  const site = await serve(async (request) =>
    new URL(request.url).pathname === '/'
      ? new Response(PAGE, { headers: { 'Content-Type': 'text/html' } })
      : ((await options.answer?.(request)) ?? built(request)),
  )
  const stop = () => {
    for (const each of [bucket, server, signer, site]) each.stop()
  }
  return { bucket, signer, origin: site.origin, stop }
}

/** Tells of each fault, but not of the URL: it is a presigned one. */
function heard(where: string, choose: ChooseFault, log: StageOptions['log']): ChooseFault {
  return (request) => {
    const fault = choose(request)
    const { pathname, searchParams } = new URL(request.url, 'http://proxy')
    const part = searchParams.get('partNumber')
    const what = `${request.method} ${pathname}${part ? ` part ${part}` : ''}`
    if (fault !== undefined) log?.(`  ${where}: ${fault}: ${what}`)
    return fault
  }
}
