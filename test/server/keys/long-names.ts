/**
 * Cleans names, paths and keys of a million characters, in a process of its own: a regular expression
 * that takes too long cannot be stopped otherwise.
 */

import { checkKey, cleanName, cleanPath, encodeKey } from '../../../src/server/keys/key.ts'
import { downloadName } from '../../../src/server/links/disposition.ts'

const LENGTH = 1_000_000

/** What is between two letters: each was, or could be, slow in some regular expression. */
const FILLINGS = [
  '.',
  '-',
  '.-',
  ' ',
  '/',
  '\\',
  'a/',
  '../',
  'a.',
  '\u0001',
  '\u0301',
  '\u0301\u0316',
  '\u200B',
  '中',
  'é.',
  'é/',
  '😀',
  '\uD800',
]

for (const filling of FILLINGS) {
  const text = `a${filling.repeat(LENGTH / filling.length)}b!`
  cleanName(text)
  cleanPath(text)
  downloadName(text)
  encodeKey(text)
  try {
    checkKey(text)
    throw new RangeError('A key of a million characters was taken.')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}
