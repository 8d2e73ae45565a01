import { randomUUID } from 'node:crypto'
import { isRefusal, type SignedResponse, type SignerResponseBody } from '../../protocol/index.ts'
import type { Bucket } from '../../server/index.ts'
import { createOwnSigner } from '../../server/internal.ts'
import { CliError } from '../frame/cli-error.ts'
import { explainCode, explainFailure } from './bucket-errors.ts'
import type { Stored } from './stored-options.ts'

/** Asks a signer for one thing. */
export type Ask = (request: object) => Promise<SignedResponse>

/**
 * A signer in this process, the same one that a page would ask: so what works here works there.
 *
 * @param key where the file goes
 * @param store what is stored with it
 */
export function ownSigner(bucket: Bucket, key: string, store: Stored = {}): Ask {
  let failure: unknown
  const signer = createOwnSigner({
    authorize: 'everybody',
    bucket,
    // Its grants are for this process.
    secret: randomUUID(),
    key: () => key,
    store,
    maxSize: '50TB',
    uploadExpires: '1h',
    // What it says is in its answer too, except for what is wrong with the keys.
    onError: (error) => {
      failure = error
    },
  })
  return async (request) => {
    const body = JSON.stringify({ version: 1, requests: [{ id: '1', ...request }] })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await signer(new Request('http://localhost/', { method: 'POST', headers, body }))
    const answered = (await answer.json()) as SignerResponseBody & { error?: { message: string } }
    const [response] = answered.responses ?? []
    if (response && !isRefusal(response)) return response
    if (failure instanceof CliError) throw failure
    throw refusal(bucket, response?.error.message ?? answered.error?.message ?? '')
  }
}

/** The signer tells the code of the bucket in its message. */
function refusal({ bucket, endpoint }: Bucket, message: string): CliError {
  const unreachable = /^The bucket cannot be reached(?: \((\w+)\))?\.$/.exec(message)
  if (unreachable) return explainFailure({ code: unreachable[1] ?? '' }, endpoint)
  const [, code] = /^The bucket answered (\w+)\.$/.exec(message) ?? []
  return code ? explainCode(code, bucket) : new CliError('not-signed', message)
}
