import { fileURLToPath } from 'node:url'
import { findPython } from '../../scripts/lib/python.ts'
import type { FetchHandler } from '../../src/server/http/node.ts'
import {
  type ExampleSigner,
  type SignerBucket,
  settingsOf,
  startIn,
} from '../../test/support/examples/example-signer.ts'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Content-Type',
}

/**
 * Starts the signer in Python.
 *
 * @param bucket with the endpoint that the browser uses
 * @param beside origin of the endpoint that the signer uses
 */
export function startForeign(bucket: SignerBucket, beside: string): Promise<ExampleSigner> {
  const env = { ...settingsOf(bucket, ''), BENCH_BESIDE: beside }
  return startIn(FOLDER, [findPython(), 'foreign.py'], env)
}

/** Passes calls on to a signer at another address. */
export function passOn(url: string): FetchHandler {
  return async (request) => {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: CORS })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body: await request.text() })
    return new Response(await answer.text(), {
      status: answer.status,
      headers: { ...CORS, ...headers },
    })
  }
}
