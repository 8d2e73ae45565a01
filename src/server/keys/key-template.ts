import { suggest } from '../../util/suggest.ts'
import { splitExtension } from '../../util/utf8.ts'
import type { KeyInput } from '../api/options.ts'
import { checkKey, cleanName } from './key.ts'
import { unique } from './new-key.ts'

/** What each placeholder stands for. All of it is safe in a key. */
const PLACEHOLDERS: Record<string, (input: KeyInput) => string> = {
  id: ({ id }) => id,
  batch: ({ batch }) => batch,
  name: ({ name }) => name,
  ext: ({ name }) => splitExtension(name)[1],
  path: ({ path, file }) => unique(path, file.path ?? file.name),
  user: ({ user }) => {
    if (user === undefined) throw new Error('"key" has {user}, and authorize named none.')
    return unique(cleanName(user), user)
  },
  route: ({ route }) => {
    if (route === undefined) throw new Error('"key" has {route}, and there are no routes.')
    return route
  },
  date: ({ date }) => date,
  year: ({ date }) => date.slice(0, 4),
  month: ({ date }) => date.slice(5, 7),
  day: ({ date }) => date.slice(8),
}

/**
 * Makes the `key` hook of a template such as `{user}/{date}/{id}{ext}`. The user's prefix goes before
 * it by itself.
 *
 * @param mayRepeat whether two files may get the same key
 * @throws {Error} when it has an unknown placeholder, cannot make a key, or would make the same twice
 */
export function keyFromTemplate(template: string, mayRepeat: boolean): (input: KeyInput) => string {
  const pieces = template.split(/\{([^{}]*)\}/)
  const names = pieces.filter((_, index) => index % 2 === 1)
  names.forEach(checkPlaceholder)
  const sample = pieces.map((piece, index) => (index % 2 === 1 ? 'a' : piece)).join('')
  if (/[{}]/.test(sample)) throw new Error(`"key" is "${template}", with a brace too many.`)
  try {
    checkKey(sample)
  } catch (error) {
    throw new Error(`"key" is "${template}". ${error instanceof Error ? error.message : error}`)
  }
  const isUnique = names.includes('id') || (names.includes('batch') && names.includes('path'))
  if (!isUnique && !mayRepeat) {
    throw new Error(
      `"key" is "${template}", by which one file could replace another. Put {id} into it, or say ` +
        '"overwrite: false".',
    )
  }
  return (input) => {
    const values = pieces.map((piece, index) =>
      index % 2 === 1 ? PLACEHOLDERS[piece]?.(input) : piece,
    )
    return `${input.prefix}${values.join('')}`
  }
}

function checkPlaceholder(name: string): void {
  const known = Object.keys(PLACEHOLDERS)
  if (known.includes(name)) return
  if (name === 'prefix')
    throw new Error('"key" begins with the prefix by itself: leave {prefix} out.')
  const meant = suggest(name, known)
  throw new Error(
    `"key" has {${name}}, which stands for nothing. ${meant ? `Did you mean {${meant}}? ` : ''}` +
      `There are: ${known.map((each) => `{${each}}`).join(', ')}.`,
  )
}
