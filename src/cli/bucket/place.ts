/** At which server a bucket is: by the options, then by the environment, then by the profile. */
import {
  PROVIDERS,
  type ProviderId,
  presetOf,
  recognizeHost,
  serviceOf,
} from '../../s3/providers.ts'
import { didYouMean } from '../../util/suggest.ts'
import { type CliError, settingsError, usageError } from '../frame/cli-error.ts'
import { type Io, textOption, type Values } from '../frame/command.ts'
import type { AwsProfile } from './aws-profile.ts'

/** The names of the presets. */
export const PROVIDER_IDS = Object.keys(PROVIDERS) as ProviderId[]

/** Where a bucket is, before anything is checked. */
export interface Place {
  provider: ProviderId
  region: string | undefined
  endpoint: string | undefined
  /** The variable that decides which server it is; `undefined` where an option or a profile does. */
  saidBy: string | undefined
}

/**
 * Finds the server.
 *
 * @throws {CliError} `no-provider`, `bad-provider`
 */
export function findPlace(values: Values, { env }: Io, profile: AwsProfile): Place {
  const named = textOption(values, 'provider') as ProviderId | undefined
  const set = env.BUCKET_UPLOAD_PROVIDER || undefined
  if (set !== undefined) checkProvider(set, 'BUCKET_UPLOAD_PROVIDER', settingsError)
  // What is set for one provider must not be used for another.
  const isOther = named !== undefined && set !== undefined && named !== set
  const isAws = (named ?? set ?? 's3') === 's3'
  const [endpoint, by] = findEndpoint(values, env, profile, { isOther, isAws })
  const host = endpoint === undefined ? undefined : recognize(endpoint)
  const provider = named ?? host?.provider ?? (set as ProviderId | undefined) ?? (endpoint && 's3')
  if (!provider) throw noProvider()
  const byProvider = named === undefined && set !== undefined ? 'BUCKET_UPLOAD_PROVIDER' : undefined
  const saidBy = endpoint === undefined ? byProvider : by
  const ownRegion = textOption(values, 'region') ?? (isOther ? undefined : env.BUCKET_UPLOAD_REGION)
  const hosted = host?.provider === provider ? host.region : undefined
  const awsRegion = env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region
  const region = ownRegion || hosted || usable(awsRegion, provider) || undefined
  return { provider, region, endpoint, saidBy }
}

/** The endpoint, and the variable that it is from. */
function findEndpoint(
  values: Values,
  env: Io['env'],
  profile: AwsProfile,
  { isOther, isAws }: { isOther: boolean; isAws: boolean },
): [endpoint: string | undefined, by: string | undefined] {
  const option = textOption(values, 'endpoint')
  if (option) return [option, undefined]
  const names = [
    ...(isOther || option !== undefined ? [] : ['BUCKET_UPLOAD_ENDPOINT']),
    ...(isAws ? ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'] : []),
  ]
  for (const name of names) {
    if (env[name]) return [env[name], name]
  }
  return [(isAws && profile.endpoint_url) || undefined, undefined]
}

/** A region of AWS may be set for other work, and is none of these. */
function usable(region: string | undefined, provider: ProviderId): string | undefined {
  return region && (PROVIDERS[provider].regions?.includes(region) ?? true) ? region : undefined
}

function recognize(
  endpoint: string,
): { provider: ProviderId; region: string | undefined } | undefined {
  const service = URL.canParse(endpoint) ? serviceOf(endpoint) : undefined
  // Also for a host of the provider that is no S3 endpoint: its preset says which ones are.
  return service && { provider: presetOf(service), region: recognizeHost(endpoint)?.region }
}

/** @throws {CliError} `bad-provider` */
export function checkProviderOption(values: Values): void {
  const named = textOption(values, 'provider')
  if (named !== undefined) checkProvider(named, '"--provider"', usageError)
}

function checkProvider(
  name: string,
  where: string,
  error: (code: string, message: string) => CliError,
): void {
  if (PROVIDER_IDS.some((provider) => provider === name)) return
  const guess = didYouMean(name, PROVIDER_IDS) || ` Use one of: ${PROVIDER_IDS.join(', ')}.`
  throw error('bad-provider', `${where} is "${name}", which is not a provider.${guess}`)
}

function noProvider(): CliError {
  return settingsError(
    'no-provider',
    `Where is the bucket? Add "--provider" with one of: ${PROVIDER_IDS.join(', ')}; or "--endpoint" with the address of the S3 server; or set BUCKET_UPLOAD_PROVIDER.`,
  )
}
