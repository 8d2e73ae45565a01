import { randomUUID } from 'node:crypto'
import { isRefusal, type SignedResponse, type SignerResponseBody } from '../../protocol/index.ts'
import type { Bucket, SignerConfig } from '../../server/index.ts'
import { createOwnSigner, issueOwnGrant } from '../../server/internal.ts'
import { CliError } from '../frame/cli-error.ts'
import { explainCode, explainFailure } from './bucket-errors.ts'
import type { Stored } from './stored-options.ts'

/** Asks a signer for one thing. */
export type Ask = (request: object) => Promise<SignedResponse>

/** An upload in parts that has begun. */
export interface Begun {
  uploadId: string
  /** Bytes of each part but the last. */
  partSize: number
}

/** A signer for one file. */
export interface OwnSigner {
  ask: Ask
  /** The grant for an upload that an earlier run has begun. */
  grantFor(file: { name: string; size: number; type: string }, begun: Begun): Promise<string>
}

/** Seconds for which such a grant may be used. */
const GRANT_LIFE = 604_800

/**
 * A signer in this process, the same one that a page would ask: so what works here works there.
 *
 * @param key where the file goes
 * @param objectOptions what is stored with it
 */
export function ownSigner(bucket: Bucket, key: string, objectOptions: Stored = {}): OwnSigner {
  let failure: unknown
  const config: SignerConfig = {
    authorize: 'everybody',
    bucket,
    // Its grants are for this process.
    secret: randomUUID(),
    key: () => key,
    objectOptions,
    maxSize: '50TB',
    uploadExpires: '1h',
    // What it says is in its answer too, except for what is wrong with the keys.
    onError: (error) => {
      failure = error
    },
  }
  const signer = createOwnSigner(config)
  const ask: Ask = async (request) => {
    const body = JSON.stringify({ version: 1, requests: [{ id: '1', ...request }] })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await signer(new Request('http://localhost/', { method: 'POST', headers, body }))
    const answered = (await answer.json()) as SignerResponseBody & { error?: { message: string } }
    const [response] = answered.responses ?? []
    if (response && !isRefusal(response)) return response
    if (failure instanceof CliError) throw failure
    throw refusal(bucket, response?.error.message ?? answered.error?.message ?? '')
  }
  return {
    ask,
    grantFor(file, begun) {
      const expires = Math.floor(Date.now() / 1000) + GRANT_LIFE
      return issueOwnGrant(config, { purpose: 'multipart', key, ...file, ...begun, expires })
    },
  }
}

/** The signer tells the code of the bucket in its message. */
function refusal({ bucket, endpoint }: Bucket, message: string): CliError {
  const unreachable = /^The bucket cannot be reached(?: \((\w+)\))?\.$/.exec(message)
  if (unreachable) return explainFailure({ code: unreachable[1] ?? '' }, endpoint)
  const [, code] = /^The bucket answered (\w+)\.$/.exec(message) ?? []
  return code ? explainCode(code, bucket) : new CliError('not-signed', message)
}
