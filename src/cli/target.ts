/** Which bucket a command is about, and with which keys. */
import { type Bucket, ibmCos, qencode, s3, storj } from '../server/index.ts'
import { IBM_COS_REGIONS } from '../server/providers/ibm-cos.ts'
import { QENCODE_REGIONS } from '../server/providers/qencode.ts'
import { type CliError, settingsError, usageError } from './cli-error.ts'
import { type Io, type Option, textOption, type Values } from './command.ts'
import { findCredentials } from './credentials.ts'
import { didYouMean } from './nearest.ts'

const PROVIDERS = ['storj', 'qencode', 'ibm-cos', 's3'] as const
type Provider = (typeof PROVIDERS)[number]

/** The options of each command that talks to a bucket. */
export const TARGET_OPTIONS: Readonly<Record<string, Option>> = {
  provider: { type: 'string', value: 'NAME', help: `where the bucket is: ${PROVIDERS.join(', ')}` },
  region: { type: 'string', value: 'REGION', help: 'its region; needed for qencode and ibm-cos' },
  endpoint: {
    type: 'string',
    value: 'URL',
    help: 'the S3 server, for example https://s3.example.com',
  },
  addressing: {
    type: 'string',
    value: 'STYLE',
    help: 'how the bucket is named in URLs: path (default) or virtual-hosted',
  },
  profile: {
    type: 'string',
    value: 'NAME',
    help: 'take keys, region and endpoint of this aws-cli profile',
  },
}

/** Where a provider's S3 servers are, with the region if it is in the name. */
const HOSTS: [Provider, RegExp][] = [
  ['storj', /(?:^|\.)storjshare\.io$/],
  ['qencode', /^(?:.+\.)?([\w-]+)\.s3\.qencode\.com$/],
  ['ibm-cos', /^s3\.(?:private\.|direct\.)?([\w.-]+)\.cloud-object-storage\.appdomain\.cloud$/],
  ['s3', /^s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/],
]

/** Where a bucket is, before anything is checked. */
interface Place {
  provider: Provider
  region: string | undefined
  endpoint: string | undefined
}

/**
 * Finds the bucket that is meant: by the options, then by the environment, then by the profile.
 *
 * @throws {CliError} that names the option or the setting which is missing or wrong
 */
export function findBucket(bucket: string, values: Values, io: Io): Bucket {
  const named = textOption(values, 'provider')
  if (named !== undefined) checkProvider(named, '"--provider"', usageError)
  const credentials = findCredentials(io, textOption(values, 'profile'))
  const { accessKeyId, secretAccessKey, profile } = credentials
  const { provider, region, endpoint } = findPlace(values, io, profile)
  const addressing = textOption(values, 'addressing')
  const options = {
    bucket,
    accessKeyId,
    secretAccessKey,
    ...(endpoint ? { endpoint } : {}),
    ...(addressing ? { addressing: addressing as Bucket['addressing'] } : {}),
  }
  try {
    switch (provider) {
      case 'storj':
        return storj({ ...options, region })
      case 's3':
        return s3({ ...options, region })
      case 'qencode':
        return qencode({ ...options, region: demandRegion(region, provider, 'us-west') })
      case 'ibm-cos':
        return ibmCos({ ...options, region: demandRegion(region, provider, 'us-south') })
    }
  } catch (error) {
    throw error instanceof Error && error.name !== 'CliError' ? inOurWords(error) : error
  }
}

function findPlace(values: Values, { env }: Io, profile: Record<string, string>): Place {
  const named = textOption(values, 'provider') as Provider | undefined
  const set = env.BUCKET_UPLOAD_PROVIDER || undefined
  if (set !== undefined) checkProvider(set, 'BUCKET_UPLOAD_PROVIDER', settingsError)
  // What is set for one provider must not be used for another.
  const isOther = named !== undefined && set !== undefined && named !== set
  const awsEndpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || profile.endpoint_url
  const own = textOption(values, 'endpoint') ?? (isOther ? undefined : env.BUCKET_UPLOAD_ENDPOINT)
  const forAws = (named ?? set ?? 's3') === 's3' ? awsEndpoint : undefined
  const endpoint = own || forAws || undefined
  const host = endpoint === undefined ? undefined : recognize(endpoint)
  const provider = named ?? host?.provider ?? (set as Provider | undefined) ?? (endpoint && 's3')
  if (!provider) throw noProvider()
  const ownRegion = textOption(values, 'region') ?? (isOther ? undefined : env.BUCKET_UPLOAD_REGION)
  const hosted = host?.provider === provider ? host.region : undefined
  const awsRegion = env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region
  const region = ownRegion || hosted || usable(awsRegion, provider) || undefined
  return { provider, region, endpoint }
}

/** A region of AWS may be set for other work, and is none of these. */
function usable(region: string | undefined, provider: Provider): string | undefined {
  const known: Partial<Record<Provider, readonly string[]>> = {
    qencode: QENCODE_REGIONS,
    'ibm-cos': IBM_COS_REGIONS,
  }
  return region && (known[provider]?.includes(region) ?? true) ? region : undefined
}

function recognize(
  endpoint: string,
): { provider: Provider; region: string | undefined } | undefined {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : ''
  for (const [provider, pattern] of HOSTS) {
    const match = pattern.exec(host)
    if (match) return { provider, region: match[1] }
  }
  return undefined
}

function checkProvider(
  name: string,
  where: string,
  error: (code: string, message: string) => CliError,
): void {
  if (PROVIDERS.some((provider) => provider === name)) return
  const guess = didYouMean(name, PROVIDERS) || ` Use one of: ${PROVIDERS.join(', ')}.`
  throw error('bad-provider', `${where} is "${name}", which is not a provider.${guess}`)
}

function noProvider(): CliError {
  return settingsError(
    'no-provider',
    `Where is the bucket? Add "--provider" with one of: ${PROVIDERS.join(', ')}; or "--endpoint" with the address of the S3 server; or set BUCKET_UPLOAD_PROVIDER.`,
  )
}

function demandRegion(region: string | undefined, provider: string, example: string): string {
  if (region) return region
  throw settingsError(
    'no-region',
    `The region of the bucket is missing, and ${provider} needs it: add for example "--region ${example}", or set BUCKET_UPLOAD_REGION.`,
  )
}

const WORDS: Record<string, string> = {
  '"bucket"': 'The bucket',
  '"region"': '"--region"',
  '"endpoint"': '"--endpoint"',
  '"addressing"': '"--addressing"',
  '"accessKeyId"': 'The access key (AWS_ACCESS_KEY_ID)',
  '"secretAccessKey"': 'The secret key (AWS_SECRET_ACCESS_KEY)',
}

/** The presets speak of their options; who is at the command line knows others. */
function inOurWords({ message }: Error): CliError {
  return settingsError(
    'bad-setting',
    message.replace(/"\w+"/, (option) => WORDS[option] ?? option),
  )
}
