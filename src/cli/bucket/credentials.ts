import type { ProviderId } from '../../s3/providers.ts'
import type { AccessKeys, KeySource } from '../../server/index.ts'
import { settingsError } from '../frame/cli-error.ts'
import { type Io, textOption, type Values } from '../frame/command.ts'
import { type Ambient, ambientKeys, kindOf, profileKeys } from './aws-credentials.ts'
import { type AwsProfile, noProfile, readProfile } from './aws-profile.ts'

/** The profile that counts. */
export interface ChosenProfile {
  name: string
  /** Empty where there is none. */
  profile: AwsProfile
  /** Whether `--profile` names it, which counts more than keys in the environment. */
  isNamed: boolean
}

/** Names of the two keys in the environment; IBM's documents use other names. */
const VARIABLES: [id: string, secret: string][] = [
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['COS_HMAC_ACCESS_KEY_ID', 'COS_HMAC_SECRET_ACCESS_KEY'],
]

/**
 * Finds the profile that `--profile` or AWS_PROFILE names, or the default one.
 *
 * @throws {CliError} `no-profile`
 */
export function chooseProfile(values: Values, { env }: Io): ChosenProfile {
  const option = textOption(values, 'profile')
  const name = option ?? env.AWS_PROFILE
  const profile = readProfile(name || 'default', env)
  if (name && !profile) throw noProfile(name, env)
  return { name: name || 'default', profile: profile ?? {}, isNamed: option !== undefined }
}

/**
 * Finds the keys, in the order of the AWS SDKs: the profile that the command line names, the
 * environment, the profile of AWS_PROFILE or the default one, and what the machine has by itself.
 *
 * @throws {CliError} `no-credentials`, `credentials-failed`, `credentials-expired`, `library-missing`
 */
export async function findKeys(
  io: Io,
  chosen: ChosenProfile,
  provider: ProviderId,
): Promise<AccessKeys | KeySource> {
  const { name, profile, isNamed } = chosen
  const set = isNamed ? undefined : fromEnvironment(io)
  if (set) return set
  const kind = kindOf(profile)
  if (kind === 'fixed') return fromProfile(profile)
  if (kind !== undefined) return profileKeys(name, kind)
  // The keys of a machine at AWS open buckets at AWS only, or at servers that stand for it.
  const found = provider === 's3' ? await ambientKeys(ambientOf(io), name) : undefined
  if (found) return found
  if (isNamed || io.env.AWS_PROFILE) {
    throw settingsError(
      'no-credentials',
      `The profile "${name}" has no keys. Run "aws configure --profile ${name}", and enter an access key and its secret.`,
    )
  }
  throw settingsError(
    'no-credentials',
    'There are no keys. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment or in .env, or run "aws configure".',
  )
}

function fromEnvironment({ env, fromFile }: Io): AccessKeys | undefined {
  for (const [idName, secretName] of VARIABLES) {
    const [accessKeyId, secretAccessKey] = [env[idName], env[secretName]]
    if (!accessKeyId && !secretAccessKey) continue
    if (!accessKeyId) throw missing(idName, secretName)
    if (!secretAccessKey) throw missing(secretName, idName)
    const ofAws = idName === 'AWS_ACCESS_KEY_ID'
    // A token that was set elsewhere belongs to other keys.
    const isOwn = (name: string) => ofAws && fromFile.has(name) === fromFile.has(idName)
    const token = isOwn('AWS_SESSION_TOKEN') && env.AWS_SESSION_TOKEN
    const end = isOwn('AWS_CREDENTIAL_EXPIRATION') && env.AWS_CREDENTIAL_EXPIRATION
    return {
      accessKeyId,
      secretAccessKey,
      ...(token ? { sessionToken: token, ...(end ? { expiresAt: end } : {}) } : {}),
    }
  }
  return undefined
}

function fromProfile(profile: AwsProfile): AccessKeys {
  const { aws_access_key_id, aws_secret_access_key, aws_session_token } = profile
  return {
    accessKeyId: aws_access_key_id ?? '',
    secretAccessKey: aws_secret_access_key ?? '',
    ...(aws_session_token ? { sessionToken: aws_session_token } : {}),
  }
}

/** AWS's library reads the environment by itself, and not `.env`. */
function ambientOf({ env, fromFile }: Io): Ambient {
  const has = (name: string) => Boolean(env[name]) && !fromFile.has(name)
  if (has('AWS_WEB_IDENTITY_TOKEN_FILE') && has('AWS_ROLE_ARN')) return 'token'
  if (has('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI')) return 'container'
  if (has('AWS_CONTAINER_CREDENTIALS_FULL_URI')) return 'container'
  return 'instance'
}

function missing(name: string, other: string) {
  return settingsError(
    'no-credentials',
    `${name} is missing, while ${other} is set. Set both, in the environment or in .env.`,
  )
}
