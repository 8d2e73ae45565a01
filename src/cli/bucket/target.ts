/** Which bucket a command is about, and with which keys. */
import { PROVIDERS, type ProviderId } from '../../s3/providers.ts'
import type { AccessKeys, Bucket, BucketOptions, KeySource } from '../../server/index.ts'
import { callPreset, keysOf, type PlaceOptions } from '../../server/internal.ts'
import { type CliError, settingsError } from '../frame/cli-error.ts'
import { type Io, type Option, textOption, type Values } from '../frame/command.ts'
import { notExpired } from './aws-credentials.ts'
import { chooseProfile, findKeys } from './credentials.ts'
import { checkProviderOption, findPlace, PROVIDER_IDS } from './place.ts'

/** The options of each command that talks to a bucket. */
export const TARGET_OPTIONS: Readonly<Record<string, Option>> = {
  provider: {
    type: 'string',
    value: 'NAME',
    help: `where the bucket is: ${PROVIDER_IDS.join(', ')}`,
  },
  region: {
    type: 'string',
    value: 'REGION',
    help: `its region; needed for ${PROVIDER_IDS.filter((id) => PROVIDERS[id].needsRegion).join(' and ')}`,
  },
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

/**
 * Finds the bucket that is meant: by the options, then by the environment, then by the profile.
 *
 * @throws {CliError} that names the option or the setting which is missing or wrong
 */
export async function findBucket(bucket: string, values: Values, io: Io): Promise<Bucket> {
  checkProviderOption(values)
  const chosen = chooseProfile(values, io)
  const { provider, region, endpoint, saidBy } = findPlace(values, io, chosen.profile)
  const keys = await findKeys(io, chosen, provider)
  const addressing = textOption(values, 'addressing')
  const found = await make(provider, region, {
    bucket,
    ...asOptions(keys),
    ...(endpoint ? { endpoint } : {}),
    ...(addressing ? { addressing: addressing as Bucket['addressing'] } : {}),
  })
  if (saidBy !== undefined && io.fromFile.has(saidBy)) {
    const note = io.style('yellow', 'Note:')
    io.err(`${note} the server is ${found.endpoint}, as ${saidBy} in .env of this folder says.`)
  }
  return found
}

/** Keys that end are asked for again, and are refused once they have ended. */
function asOptions(keys: AccessKeys | KeySource): Partial<BucketOptions> {
  if (typeof keys === 'function') return { credentials: keys }
  return keys.expiresAt === undefined ? keys : { credentials: () => notExpired(keys) }
}

async function make(
  provider: ProviderId,
  region: string | undefined,
  options: Omit<PlaceOptions, 'region'>,
): Promise<Bucket> {
  try {
    const bucket = callPreset(provider, { ...options, region: readRegion(provider, region) })
    // What is wrong with the keys is told now, and not in the middle of an upload.
    await keysOf(bucket, new Date())
    return bucket
  } catch (error) {
    throw error instanceof Error && error.name !== 'CliError' ? inOurWords(error) : error
  }
}

function readRegion(provider: ProviderId, region: string | undefined): string | undefined {
  const { needsRegion, region: example } = PROVIDERS[provider]
  if (region || !needsRegion) return region
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
  '"sessionToken"': 'The session token (AWS_SESSION_TOKEN)',
}

/** The presets speak of their options; who is at the command line knows others. */
function inOurWords({ message }: Error): CliError {
  return settingsError(
    'bad-setting',
    message.replace(/"\w+"/, (option) => WORDS[option] ?? option),
  )
}
