import { type AwsProfile, noProfile, readProfile } from './aws-profile.ts'
import { settingsError } from './cli-error.ts'
import type { Io } from './command.ts'

/** The keys of a bucket, and the profile that they are of, if any. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  profile: AwsProfile
}

/** Names of the two keys in the environment; IBM's documents use names of their own. */
const VARIABLES: [id: string, secret: string][] = [
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['COS_HMAC_ACCESS_KEY_ID', 'COS_HMAC_SECRET_ACCESS_KEY'],
]

/**
 * Finds the keys, in the order of aws-cli: the profile that the command line names, the environment,
 * then the profile of AWS_PROFILE or the default one.
 *
 * @param named by `--profile`
 * @throws {CliError} `no-credentials`, `no-profile` or `session-token`
 */
export function findCredentials({ env }: Io, named: string | undefined): Credentials {
  const name = named ?? env.AWS_PROFILE
  const profile = readProfile(name || 'default', env)
  if (name && !profile) throw noProfile(name, env)
  if (named !== undefined) return ofProfile(named, profile ?? {})
  for (const [idName, secretName] of VARIABLES) {
    const [accessKeyId, secretAccessKey] = [env[idName], env[secretName]]
    if (!accessKeyId && !secretAccessKey) continue
    if (!accessKeyId) throw missing(idName, secretName)
    if (!secretAccessKey) throw missing(secretName, idName)
    refuseToken(env.AWS_SESSION_TOKEN, 'AWS_SESSION_TOKEN is set')
    return { accessKeyId, secretAccessKey, profile: profile ?? {} }
  }
  if (profile && (name || profile.aws_access_key_id)) return ofProfile(name || 'default', profile)
  throw settingsError(
    'no-credentials',
    'There are no keys. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment or in .env, or run "aws configure".',
  )
}

function ofProfile(name: string, profile: AwsProfile): Credentials {
  const accessKeyId = profile.aws_access_key_id
  const secretAccessKey = profile.aws_secret_access_key
  if (!accessKeyId || !secretAccessKey) {
    throw settingsError(
      'no-credentials',
      `The profile "${name}" has no keys of its own. Run "aws configure --profile ${name}", and enter an access key and its secret.`,
    )
  }
  refuseToken(profile.aws_session_token, `The profile "${name}" has a session token`)
  return { accessKeyId, secretAccessKey, profile }
}

function missing(name: string, other: string) {
  return settingsError(
    'no-credentials',
    `${name} is missing, while ${other} is set. Set both, in the environment or in .env.`,
  )
}

/** Signed without its token, a temporary key opens nothing. */
function refuseToken(token: string | undefined, what: string): void {
  if (!token) return
  throw settingsError(
    'session-token',
    `${what}, and temporary keys cannot be used here. Use a long-term access key for this bucket.`,
  )
}
