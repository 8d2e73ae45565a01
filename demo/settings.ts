import { PROVIDERS, type ProviderId } from '../src/s3/providers.ts'
import type { Bucket } from '../src/server/index.ts'
import { callPreset } from '../src/server/internal.ts'

/** A setting that is missing or wrong. The message names it, and is all that people need to see. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

const PROVIDER_IDS = Object.keys(PROVIDERS) as ProviderId[]

/**
 * Reads from the environment which bucket to use.
 *
 * @returns `undefined` when no provider is set: the demo then starts its own bucket
 * @throws {SettingsError} when a setting is missing or wrong
 */
export function readBucket(env: Record<string, string | undefined>): Bucket | undefined {
  const provider = readProvider(env)
  if (!provider) return undefined
  const options = {
    bucket: required(env, 'BUCKET_UPLOAD_BUCKET', 'the name of your bucket'),
    accessKeyId: required(env, 'AWS_ACCESS_KEY_ID', 'the access key of your bucket'),
    secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY', 'the secret key of your bucket'),
    ...(env.BUCKET_UPLOAD_ENDPOINT ? { endpoint: env.BUCKET_UPLOAD_ENDPOINT } : {}),
  }
  try {
    return callPreset(provider, { ...options, region: readRegion(env, provider) })
  } catch (error) {
    throw error instanceof SettingsError ? error : new SettingsError(inTermsOfSettings(error))
  }
}

function readProvider(env: Record<string, string | undefined>) {
  const provider = env.BUCKET_UPLOAD_PROVIDER
  if (!provider) return undefined
  const known = PROVIDER_IDS.find((name) => name === provider)
  if (known) return known
  throw new SettingsError(
    `BUCKET_UPLOAD_PROVIDER is "${provider}". Set it to one of: ${PROVIDER_IDS.join(', ')}.`,
  )
}

function readRegion(env: Record<string, string | undefined>, provider: ProviderId) {
  const { needsRegion, region: example } = PROVIDERS[provider]
  if (!needsRegion) return env.BUCKET_UPLOAD_REGION || undefined
  return required(env, 'BUCKET_UPLOAD_REGION', `the region of your bucket, for example ${example}`)
}

function required(env: Record<string, string | undefined>, name: string, what: string): string {
  const value = env[name]
  if (value) return value
  throw new SettingsError(`${name} is missing. Set it to ${what}, in the environment or in .env.`)
}

const SETTING_OF: Record<string, string> = {
  '"bucket"': 'BUCKET_UPLOAD_BUCKET',
  '"region"': 'BUCKET_UPLOAD_REGION',
  '"endpoint"': 'BUCKET_UPLOAD_ENDPOINT',
  '"accessKeyId"': 'AWS_ACCESS_KEY_ID',
  '"secretAccessKey"': 'AWS_SECRET_ACCESS_KEY',
}

/** The presets speak of their options; who runs the demo knows only the settings. */
function inTermsOfSettings(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/"\w+"/, (option) => SETTING_OF[option] ?? option)
}
