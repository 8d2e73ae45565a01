/** The conformance report of docs/accessibility.md has each criterion, once, and a term of a VPAT for it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const page = readFileSync(new URL('../../docs/accessibility.md', import.meta.url), 'utf8')

/**
 * The criteria of level A and AA, by their guideline. 4.1.1 is of WCAG 2.1 only.
 *
 * @see https://www.w3.org/TR/WCAG22/
 */
const CRITERIA: Record<string, number[]> = {
  '1.1': [1],
  '1.2': [1, 2, 3, 4, 5],
  '1.3': [1, 2, 3, 4, 5],
  '1.4': [1, 2, 3, 4, 5, 10, 11, 12, 13],
  '2.1': [1, 2, 4],
  '2.2': [1, 2],
  '2.3': [1],
  '2.4': [1, 2, 3, 4, 5, 6, 7, 11],
  '2.5': [1, 2, 3, 4, 7, 8],
  '3.1': [1, 2],
  '3.2': [1, 2, 3, 4, 6],
  '3.3': [1, 2, 3, 4, 7, 8],
  '4.1': [1, 2, 3],
}

/** Rows of the tables whose first cell has criteria. */
const rows = [...page.matchAll(/^\| (\d\.\d\.\d.*?) \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
  ([, criteria = '', conformance = '', how = '', shownBy = '']) => ({
    criteria: numbersIn(criteria),
    conformance,
    how,
    shownBy,
  }),
)

/** `1.2.1–1.2.5 Media (A)` has five. */
function numbersIn(cell: string): string[] {
  const span = /^(\d\.\d)\.(\d+)–\1\.(\d+)/.exec(cell)
  if (!span) return cell.match(/\b\d\.\d\.\d+\b/g) ?? []
  const [, guideline, first, last] = span
  const count = Number(last) - Number(first) + 1
  return Array.from({ length: count }, (_, index) => `${guideline}.${Number(first) + index}`)
}

test('it has each criterion once', () => {
  const expected = Object.entries(CRITERIA).flatMap(([guideline, numbers]) =>
    numbers.map((number) => `${guideline}.${number}`),
  )
  assert.deepEqual(rows.flatMap(({ criteria }) => criteria).sort(), expected.sort())
})

test('each has a term, a reason, and what shows it', () => {
  const terms = ['supports', 'partially supports', 'does not support', 'not applicable']
  for (const { criteria, conformance, how, shownBy } of rows) {
    assert.ok(terms.includes(conformance), `${criteria}: ${conformance}`)
    assert.notEqual(how, '', `${criteria}`)
    assert.match(shownBy, /\.test\.ts\)|inspection/, `${criteria}`)
  }
})
