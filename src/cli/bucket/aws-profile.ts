/** The files in which `aws configure` keeps what it was told. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { didYouMean } from '../../util/suggest.ts'
import { settingsError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'

/** What a profile says, by the names of aws-cli, such as `aws_access_key_id`. */
export type AwsProfile = Record<string, string>

/**
 * Reads one profile.
 *
 * @returns `undefined` where there is none of that name
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
export function readProfile(name: string, env: Io['env']): AwsProfile | undefined {
  const profile = readAll(env).get(name)
  return profile && Object.fromEntries(profile)
}

/** The refusal of a profile that is not there. */
export function noProfile(name: string, env: Io['env']) {
  const names = [...readAll(env).keys()]
  const { credentials } = pathsOf(env)
  const guess = didYouMean(name, names)
  const rest =
    guess || ` Run "aws configure --profile ${name}", or name one that is in ${credentials}.`
  return settingsError('no-profile', `There is no profile "${name}".${rest}`)
}

function readAll(env: Io['env']): Map<string, Map<string, string>> {
  const { config, credentials } = pathsOf(env)
  const profiles = new Map<string, Map<string, string>>()
  for (const [path, inConfig] of [
    [config, true],
    [credentials, false],
  ] as const) {
    for (const [section, entries] of parseIni(readIfThere(path))) {
      const name = inConfig ? profileOf(section) : section
      if (name === undefined) continue
      // The file of credentials comes last, and so wins.
      profiles.set(name, new Map([...(profiles.get(name) ?? []), ...entries]))
    }
  }
  return profiles
}

function pathsOf(env: Io['env']): { config: string; credentials: string } {
  const folder = join(env.HOME || env.USERPROFILE || homedir(), '.aws')
  return {
    config: env.AWS_CONFIG_FILE || join(folder, 'config'),
    credentials: env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
  }
}

/** In the file of settings a profile is called `[profile name]`, except for the default. */
function profileOf(section: string): string | undefined {
  if (section === 'default') return section
  return /^profile\s+["']?(.*?)["']?$/.exec(section)?.[1]
}

/** Indented lines are settings within a setting, which we do not read. */
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let entries = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[(.+)\]\s*$/.exec(line)?.[1]?.trim()
    if (section !== undefined) {
      entries = sections.get(section) ?? new Map()
      sections.set(section, entries)
      continue
    }
    const [, name, value] = /^([^\s#;[=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) entries.set(name.toLowerCase(), value)
  }
  return sections
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
