import { usageError } from '../frame/cli-error.ts'
import { listOption, type Option, type Values } from '../frame/command.ts'

/** The options that choose among the files of a folder. */
export const FILTER_OPTIONS: Readonly<Record<string, Option>> = {
  include: {
    type: 'string',
    multiple: true,
    value: 'GLOB',
    help: 'with --recursive: only these, as "*.jpg"; may be given more than once',
  },
  exclude: {
    type: 'string',
    multiple: true,
    value: 'GLOB',
    help: 'with --recursive: not these, as "node_modules" or "drafts/**"',
  },
}

/**
 * Makes the choice that `--include` and `--exclude` describe. A pattern without a slash is for names at
 * any depth, one with a slash for paths from the folder; one that fits a folder fits all that is in it.
 *
 * @returns whether a path, relative and with slashes, is chosen
 * @throws {CliError} `bad-option`
 */
export function fileFilter(values: Values): (path: string) => boolean {
  const included = listOption(values, 'include').map(toTest)
  const excluded = listOption(values, 'exclude').map(toTest)
  return (path) => {
    const folders = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))
    const isOne = (test: (path: string) => boolean) => test(path) || folders.some(test)
    return (included.length === 0 || included.some(isOne)) && !excluded.some(isOne)
  }
}

function toTest(glob: string): (path: string) => boolean {
  const pattern = toPattern(glob.replace(/^\.?\//, '').replace(/\/$/, ''))
  if (/.\//.test(glob.replace(/\/$/, '')) || glob.startsWith('/')) {
    return (path) => pattern.test(path)
  }
  return (path) => pattern.test(path.slice(path.lastIndexOf('/') + 1))
}

/** `*` and `?` stop at a slash, `**` does not, `[a-z]` is one of these. */
function toPattern(glob: string): RegExp {
  const parts = glob.match(/\*\*\/|\*+|\?|\[[!^]?[^\]/]+\]|./gsu) ?? []
  const source = parts.map((part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part.startsWith('**')) return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (/^\[.+\]$/u.test(part)) return part.replace(/^\[[!^]/, '[^').replaceAll('\\', '\\\\')
    return part.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
  })
  try {
    return new RegExp(`^${source.join('')}$`, 's')
  } catch {
    throw usageError('bad-option', `"${glob}" is not a pattern: write one such as "*.jpg".`)
  }
}
