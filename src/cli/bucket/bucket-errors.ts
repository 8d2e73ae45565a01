/** What a bucket's refusal means, and what to do about it. */
import { rootOf, textOf } from '../../s3/xml.ts'
import { CliError } from '../frame/cli-error.ts'

/** The answer of a bucket, read to its end. */
export interface Answer {
  status: number
  headers: Headers
  body: string
}

/** What is known about a refusal: a code of ours, and a sentence. `%b` is the bucket's name. */
const REFUSALS: Record<string, [code: string, sentence: string]> = {
  NoSuchBucket: [
    'no-such-bucket',
    'The bucket "%b" does not exist at this endpoint: check its name, and the provider and the region.',
  ],
  NoSuchKey: ['no-such-object', 'There is no such object in "%b": check the key.'],
  InvalidAccessKeyId: [
    'wrong-key',
    'The server does not know the access key: check AWS_ACCESS_KEY_ID, and that the endpoint is the one that it is for.',
  ],
  SignatureDoesNotMatch: [
    'wrong-secret',
    'The signature does not match: check that the secret key is complete and belongs to the access key.',
  ],
  ExpiredToken: [
    'credentials-expired',
    'The temporary keys have ended: get new ones, and try again.',
  ],
  InvalidToken: [
    'wrong-token',
    'The server does not know the session token: check AWS_SESSION_TOKEN, and that it belongs to the access key.',
  ],
  AccessDenied: [
    'access-denied',
    'The keys may not do this in "%b": give them the right to read and write objects there.',
  ],
  RequestTimeTooSkewed: [
    'wrong-clock',
    'The clock of this machine is too far off: set it, and try again.',
  ],
  BadDigest: [
    'bytes-differ',
    'The bytes that arrived are not those of the file: it changed on the way, or while it was read. Try again.',
  ],
  EntityTooLarge: ['too-large', 'The bucket takes no object of that size: split the file.'],
  SlowDown: ['slow-down', 'The bucket asks for fewer requests: try again later.'],
}

const REGION =
  /^(?:AuthorizationHeaderMalformed|AuthorizationQueryParametersError|PermanentRedirect|TemporaryRedirect|IllegalLocationConstraintException)$/

/** The error for an answer that is not a good one. */
export function explainAnswer({ status, body, headers }: Answer, bucket: string): CliError {
  const code = rootOf(body) === 'Error' ? textOf(body, 'Code') : ''
  const message = textOf(body, 'Message')
  const region = headers.get('x-amz-bucket-region') ?? textOf(body, 'Region')
  const isRedirect = status >= 300 && status < 400
  if (isRedirect || (REGION.test(code) && /region|endpoint/i.test(`${region}${message}`))) {
    const where = /^[\w-]+$/.test(region) ? `"--region ${region}"` : '"--region" or "--endpoint"'
    return new CliError(
      'wrong-region',
      `The bucket "${bucket}" is in another region: set ${where}.`,
    )
  }
  if (code === 'AccessDenied' && /expired/i.test(message)) {
    return new CliError(
      'expired',
      'The URL has expired: make a new one, or check the clock of this machine.',
    )
  }
  return explainCode(code || byStatus(status), bucket, `status ${status}`)
}

/** The error for the S3 code of a refusal. */
export function explainCode(code: string, bucket: string, instead = code): CliError {
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
  if (known) return new CliError(known[0], known[1].replace('%b', bucket))
  const what = /^\w{1,64}$/.test(code) ? code : instead
  return new CliError(
    'bucket-refused',
    `The bucket "${bucket}" refused it with ${what}: see what the provider says about that.`,
  )
}

/** An answer to HEAD has no body. */
function byStatus(status: number): string {
  if (status === 403) return 'AccessDenied'
  if (status === 404) return 'NoSuchKey'
  return ''
}

/** Codes that are about the bucket or the keys, and not about the object that was asked for. */
const OF_ALL = [
  ...['no-such-bucket', 'wrong-region', 'wrong-key', 'wrong-secret', 'wrong-token', 'wrong-clock'],
  ...['no-credentials', 'credentials-failed', 'credentials-expired'],
]

/**
 * Whether any other request would be refused for the same reason.
 *
 * @param areKeysGood whether the bucket has taken a signature of these keys: another that does not match
 *   is then of one object, whose key some server reads in another way
 */
export function refusesAll(error: unknown, areKeysGood: boolean): boolean {
  if (!(error instanceof CliError) || !OF_ALL.includes(error.code)) return false
  return error.code !== 'wrong-secret' || !areKeysGood
}

/** The error where there was no answer. */
export function explainFailure(error: unknown, endpoint: string): CliError {
  if (error instanceof CliError) return error
  const cause = error instanceof Error ? ((error as { cause?: unknown }).cause ?? error) : error
  const code = /^\w{1,64}$/.exec(String((cause as { code?: unknown })?.code ?? ''))?.[0]
  const detail = code ? ` (${code})` : ''
  return new CliError(
    'bucket-unreachable',
    `The server ${endpoint} cannot be reached${detail}: check the endpoint and the network.`,
  )
}
