import type { Bucket } from '../../server/index.ts'
import { keysOf } from '../../server/internal.ts'
import { formatDuration, parseDuration } from '../../util/duration.ts'
import { usageError } from '../frame/cli-error.ts'
import { type Io, type Option, textOption, type Values } from '../frame/command.ts'

/** The option for the lifetime of a URL. */
export const EXPIRES_IN: Option = {
  type: 'string',
  value: 'DURATION',
  help: 'how long the URL works: seconds, or 15m, 24h, 7d (default 1h)',
}

/** Seconds; what aws-cli takes when nothing is said. */
const DEFAULT = 3600

/**
 * Reads `--expires-in`.
 *
 * @returns seconds
 * @throws {CliError} `bad-duration`
 */
export function readLifetime(values: Values): number {
  const text = textOption(values, 'expires-in')
  if (text === undefined) return DEFAULT
  try {
    return parseDuration(text)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw usageError('bad-duration', `"--expires-in": ${what}`)
  }
}

/**
 * Refuses a lifetime that the provider would not accept.
 *
 * @throws {CliError} `expiry-too-long`
 */
export function checkLifetime({ provider, maxExpires }: Bucket, seconds: number): void {
  if (maxExpires === null || seconds <= maxExpires) return
  throw usageError(
    'expiry-too-long',
    `"--expires-in" is ${formatDuration(seconds)}, but a URL for ${provider} works for ${formatDuration(maxExpires)} at most: ask for less, and make a new one when you need it.`,
  )
}

/** Says so where a URL ends earlier than was asked for, as temporary keys take their URLs along. */
export async function tellEnd(bucket: Bucket, seconds: number, io: Io): Promise<void> {
  const now = new Date()
  const { sessionToken, expiresAt } = await keysOf(bucket, now)
  const note = io.style('yellow', 'Note:')
  if (expiresAt !== undefined && expiresAt < now.getTime() + seconds * 1000) {
    const end = new Date(expiresAt).toISOString()
    io.err(`${note} the keys are temporary, and the URL ends with them: at ${end}.`)
  }
  if (sessionToken !== undefined && expiresAt === undefined) {
    io.err(`${note} the keys are temporary, and the URL ends with them at the latest.`)
  }
}
