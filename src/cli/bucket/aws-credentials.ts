/** Keys that are not written down: AWS's own library gets them, and is loaded only then. */
import type { AccessKeys, KeySource } from '../../server/index.ts'
import { CliError, settingsError } from '../frame/cli-error.ts'
import { EXIT } from '../frame/command.ts'
import type { AwsProfile } from './aws-profile.ts'

/** Where the keys of a profile come from. */
export type ProfileKind = 'fixed' | 'role' | 'token' | 'process' | 'sso' | 'login'

/** Where a machine has keys from: a token of its platform, its container, or its instance. */
export type Ambient = 'token' | 'container' | 'instance'

/** What the library returns. */
interface AwsKeys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

const LIBRARY = '@aws-sdk/credential-providers'

/** Where the keys of a profile come from, in the order in which AWS's library looks. */
export function kindOf(profile: AwsProfile): ProfileKind | undefined {
  const { role_arn, web_identity_token_file } = profile
  if (role_arn && (profile.source_profile || profile.credential_source)) return 'role'
  if (profile.aws_access_key_id && profile.aws_secret_access_key) return 'fixed'
  if (role_arn && web_identity_token_file) return 'token'
  if (profile.credential_process) return 'process'
  if (profile.sso_session || profile.sso_start_url || profile.sso_account_id) return 'sso'
  return profile.login_session ? 'login' : undefined
}

/**
 * The keys of a profile that says where to get them.
 *
 * @throws {CliError} `library-missing`, `credentials-failed`
 */
export async function profileKeys(name: string, kind: ProfileKind): Promise<KeySource> {
  const { fromIni } = await loadLibrary(`The keys of the profile "${name}"`)
  const failed = (error: unknown) => profileFailed(name, kind, error)
  return opened(fromIni({ profile: name }), failed)
}

/**
 * The keys that a machine at AWS has by itself; `undefined` where it has none.
 *
 * @param profile has none; its name keeps the library from taking those of the environment
 * @throws {CliError} `library-missing`, `credentials-failed`
 */
export async function ambientKeys(kind: Ambient, profile: string): Promise<KeySource | undefined> {
  if (kind === 'instance') return instanceKeys(profile)
  const { fromNodeProviderChain } = await loadLibrary(SOURCES[kind])
  return opened(fromNodeProviderChain({ profile }), (error) => ambientFailed(kind, error))
}

const SOURCES = {
  token: 'The keys of the role that AWS_ROLE_ARN names',
  container: 'The keys of this container',
}

/** Nothing says that there are any, so that there are none is no error of the machine. */
async function instanceKeys(profile: string): Promise<KeySource | undefined> {
  try {
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
    return await opened(fromNodeProviderChain({ profile }), () => new Error('none'))
  } catch {
    return undefined
  }
}

async function loadLibrary(what: string): Promise<typeof import('@aws-sdk/credential-providers')> {
  try {
    return await import('@aws-sdk/credential-providers')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw settingsError(
      'library-missing',
      `${what} come by way of a library of AWS, which is not installed: run "npm install ${LIBRARY}" where bucket-upload is installed, or "npx -p bucket-upload -p ${LIBRARY} bucket-upload …".`,
    )
  }
}

/** A source whose keys were there once, so that what is wrong is told before anything is done. */
async function opened(
  provide: () => Promise<AwsKeys>,
  failed: (error: unknown) => Error,
): Promise<KeySource> {
  let fixed: AccessKeys | undefined
  let asked: Promise<AccessKeys> | undefined
  const ask = async () => {
    const found = await provide().catch((error: unknown) => {
      throw failed(error)
    })
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = found
    const keys = { accessKeyId, secretAccessKey, sessionToken, expiresAt: expiration }
    // A program would else be started for each URL.
    if (expiration === undefined) fixed = keys
    return keys
  }
  const source = async () => {
    if (fixed) return fixed
    asked ??= ask().finally(() => {
      asked = undefined
    })
    return notExpired(await asked)
  }
  await source()
  return source
}

/**
 * Refuses keys that have ended.
 *
 * @throws {CliError} `credentials-expired`
 */
export function notExpired(keys: AccessKeys): AccessKeys {
  const { expiresAt } = keys
  if (expiresAt === undefined || !(new Date(expiresAt).getTime() <= Date.now())) return keys
  throw new CliError(
    'credentials-expired',
    'The temporary keys have ended: get new ones, and try again.',
    EXIT.settings,
  )
}

function profileFailed(name: string, kind: ProfileKind, error: unknown): CliError {
  const remedies: Record<ProfileKind, string> = {
    fixed: '',
    role: `its role was not given${codeOf(error)}: check role_arn, and that the keys of the source profile may take it. A role that asks for a code of MFA needs "aws configure export-credentials --profile ${name} --format env"`,
    token: `its role was not given${codeOf(error)}: check role_arn and web_identity_token_file`,
    process: 'its credential_process failed: run that command by hand to see why',
    sso: `run "aws sso login --profile ${name}", and try again${codeOf(error)}`,
    login: `run "aws login --profile ${name}", and try again${codeOf(error)}`,
  }
  return settingsError(
    'credentials-failed',
    `The profile "${name}" gave no keys: ${remedies[kind]}.`,
  )
}

function ambientFailed(kind: 'token' | 'container', error: unknown): CliError {
  const remedies = {
    token: 'check AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, and whom the role trusts',
    container: 'check the role of the task or of the pod',
  }
  const message = `${SOURCES[kind]} could not be had${codeOf(error)}: ${remedies[kind]}.`
  return settingsError('credentials-failed', message)
}

/** What the library says may quote a command line, with a secret in it; a code cannot. */
function codeOf(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown }
  const isOwn = /^(?:\w*Error|CredentialsProviderError)$/.test(String(name))
  const told = isOwn ? code : name
  return typeof told === 'string' && /^\w{3,64}$/.test(told) ? ` (${told})` : ''
}
