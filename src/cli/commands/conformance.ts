import type { Verdict } from '../conformance/checks/check.ts'
import { examine, type Result } from '../conformance/examine.ts'
import { CliError, settingsError, usageError } from '../frame/cli-error.ts'
import {
  type Command,
  EXIT,
  type Io,
  listOption,
  textOption,
  type Values,
} from '../frame/command.ts'

/** Headers whose value is a secret, which must not be an argument. */
const SECRET = /^(authorization|cookie|proxy-authorization)$|token|key|secret/i

const MARKS: Record<Verdict, string> = { ok: '✓', warning: '!', fault: '✗', skipped: '–' }
const STYLES = { ok: 'green', warning: 'yellow', fault: 'red', skipped: 'dim' } as const

/** `bucket-upload conformance` */
export const conformanceCommand: Command = {
  name: 'conformance',
  summary: 'hold any signer against the contract',
  usage: ['conformance URL [--header-from Authorization=SIGNER_AUTHORIZATION]'],
  about: [
    'Asks the signer for what it should sign, and for what it should refuse. Stores no object, unless',
    '"--store" is given; uploads in parts that it begins it throws away. Exit code 1 if a rule is broken. docs/signer-protocol.md',
    'has the rules.',
  ].join('\n'),
  options: {
    header: {
      type: 'string',
      multiple: true,
      value: '"NAME: VALUE"',
      help: 'a header that is no secret',
    },
    'header-from': {
      type: 'string',
      multiple: true,
      value: 'NAME=VARIABLE',
      help: 'a header that says who calls, from a variable of the environment or of .env',
    },
    name: { type: 'string', value: 'NAME', help: 'name of a file that it takes (conformance.txt)' },
    type: { type: 'string', value: 'TYPE', help: 'its media type (text/plain)' },
    size: { type: 'string', value: 'BYTES', help: 'its size (1000)' },
    route: {
      type: 'string',
      value: 'NAME',
      help: 'the route to try, for a signer that has routes',
    },
    store: { type: 'boolean', help: 'store up to three such files, which stay, to try all' },
  },
  async run(values, positionals, io) {
    const url = readUrl(positionals)
    const headers = { ...plainHeaders(values), ...secretHeaders(values, io) }
    const file = {
      name: textOption(values, 'name') ?? 'conformance.txt',
      type: textOption(values, 'type') ?? 'text/plain',
      size: readBytes(textOption(values, 'size') ?? '1000'),
    }
    const examination = {
      ...{ url, headers, file, route: textOption(values, 'route') },
      ...{ store: values.store === true, signal: io.signal },
    }
    const results = await examine(examination).catch((error) => {
      if (!(error instanceof TypeError)) throw error
      throw new CliError(
        'signer-unreachable',
        'The signer does not answer: is it running, and is the address right?',
      )
    })
    const passed = results.every(({ verdict }) => verdict !== 'fault')
    if (io.json) io.out(JSON.stringify({ passed, results }))
    else tell(results, io)
    return passed ? EXIT.ok : EXIT.failed
  },
}

function readUrl([url, ...more]: string[]): string {
  if (url === undefined) throw usageError('missing-argument', 'Name the URL of the signer.')
  if (more.length > 0) throw usageError('bad-argument', 'Name one URL.')
  if (/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return url
  throw usageError('bad-argument', 'The URL of the signer must begin with "https://" or "http://".')
}

function readBytes(text: string): number {
  const bytes = Number(text)
  if (Number.isSafeInteger(bytes) && bytes > 0 && bytes <= 5_000_000) return bytes
  throw usageError('bad-option', '"--size" must be a number of bytes, from 1 to 5000000.')
}

function plainHeaders(values: Values): Record<string, string> {
  const pairs = listOption(values, 'header').map((text): [string, string] => {
    const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(text) ?? []
    if (name === '') throw usageError('bad-option', '"--header" is written "Name: value".')
    if (!SECRET.test(name)) return [name, value]
    throw usageError(
      'secret-in-arguments',
      `"${name}" is a secret, and arguments are for everybody to read: put it into a variable, and write "--header-from ${name}=VARIABLE".`,
    )
  })
  return Object.fromEntries(pairs)
}

function secretHeaders(values: Values, { env }: Io): Record<string, string> {
  const pairs = listOption(values, 'header-from').map((text): [string, string] => {
    const [, name = '', variable = ''] = /^([\w-]+)=(\w+)$/.exec(text) ?? []
    if (name === '') throw usageError('bad-option', '"--header-from" is written "Name=VARIABLE".')
    const value = env[variable]
    if (value) return [name, value]
    throw settingsError('bad-setting', `The variable ${variable} is not set, or is empty.`)
  })
  return Object.fromEntries(pairs)
}

function tell(results: Result[], io: Io): void {
  for (const about of new Set(results.map((result) => result.about))) {
    io.out(io.style('bold', about))
    for (const { verdict, title, said, id } of results.filter((it) => it.about === about)) {
      const mark = io.style(STYLES[verdict], MARKS[verdict])
      const more = said === '' ? '' : `: ${said}`
      io.out(`  ${mark} ${title}${more}${verdict === 'fault' ? ` (${id})` : ''}`)
    }
  }
  const count = (verdict: Verdict) => results.filter((it) => it.verdict === verdict).length
  io.out('')
  io.out(
    `${count('ok')} kept, ${count('fault')} broken, ${count('warning')} to look at, ${count('skipped')} left out`,
  )
}
