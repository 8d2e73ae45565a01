import { type Command, EXIT, type Io, type Option } from './command.ts'
import { COMMON_OPTIONS } from './parse-options.ts'

const EXITS: [number, string][] = [
  [EXIT.ok, 'done'],
  [EXIT.failed, 'it did not work: the bucket, the network or a file said no'],
  [EXIT.usage, 'the command line is wrong'],
  [EXIT.settings, 'credentials or settings are missing or wrong'],
  [EXIT.interrupted, 'stopped by Ctrl-C'],
  [EXIT.terminated, 'stopped by SIGTERM'],
]

/** The help of the whole. */
export function overview(commands: readonly Command[], io: Io): string {
  return [
    'Presigned URLs, uploads and downloads for Storj, Qencode, IBM Cloud Object Storage and any other S3.',
    '',
    heading('Usage', io),
    '  bucket-upload <command> [options]',
    '',
    heading('Commands', io),
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    heading('Exit codes', io),
    ...table(EXITS.map(([code, meaning]) => [String(code), meaning])),
    '',
    '"bucket-upload help <command>" tells more about one. "--version" tells the version.',
  ].join('\n')
}

/** The help of one command. */
export function commandHelp(command: Command, io: Io): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS })
  return [
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    '',
    heading('Usage', io),
    ...command.usage.map((line) => `  bucket-upload ${line}`),
    '',
    ...(command.about ? [command.about, ''] : []),
    heading('Options', io),
    ...table(options.map(([name, option]) => [signature(name, option), option.help])),
  ].join('\n')
}

function heading(text: string, io: Io): string {
  return io.style('bold', text)
}

function signature(name: string, { short, type, value = 'VALUE' }: Option): string {
  return `${short ? `-${short}, ` : ''}--${name}${type === 'string' ? ` ${value}` : ''}`
}

function table(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length))
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`)
}
