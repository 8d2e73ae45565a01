import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLinks, type LinkEntry } from '../../../../src/elements/views/links/format-links.ts'

const link: LinkEntry = {
  name: 'cat.jpg',
  size: 48211,
  type: 'image/jpeg',
  key: 'pets/cat.jpg',
  url: 'https://b.example/pets/cat.jpg?X-Amz-Signature=1',
  expires: new Date('2026-11-25T09:00:00Z'),
}

function csvCells(entry: Partial<LinkEntry>): string {
  return formatLinks([{ ...link, ...entry }], 'csv').split('\r\n')[1] ?? ''
}

test('text has one link a line', () => {
  const other = { ...link, url: 'https://b.example/2' }
  assert.equal(formatLinks([link, other], 'text'), `${link.url}\nhttps://b.example/2`)
})

test('Markdown has a list of links', () => {
  assert.equal(formatLinks([link], 'markdown'), `- [cat.jpg](${link.url})`)
})

test('Markdown takes nothing in a name or an address for its own', () => {
  const tricky = {
    ...link,
    name: '[x](javascript:1) *b* `c` <d>.txt',
    url: 'https://b.example/a(1)',
  }
  assert.equal(
    formatLinks([tricky], 'markdown'),
    '- [\\[x\\](javascript:1) \\*b\\* \\`c\\` \\<d\\>.txt](https://b.example/a%281%29)',
  )
})

test('CSV has a head, and a line for each file', () => {
  assert.equal(
    formatLinks([link, { ...link, key: null, expires: null }], 'csv'),
    [
      'name,size,type,key,url,expires',
      `cat.jpg,48211,image/jpeg,pets/cat.jpg,${link.url},2026-11-25T09:00:00.000Z`,
      `cat.jpg,48211,image/jpeg,,${link.url},`,
      '',
    ].join('\r\n'),
  )
})

test('CSV quotes what would end a cell', () => {
  assert.match(csvCells({ name: 'a, "b"; c.txt' }), /^"a, ""b""; c.txt",/)
  assert.match(csvCells({ name: 'a\nb' }), /^"a\nb",/)
})

for (const start of ['=', '+', '-', '@', '\t']) {
  test(`CSV makes no formula of a name that starts with ${JSON.stringify(start)}`, () => {
    assert.ok(csvCells({ name: `${start}cmd|' /C calc'!A0` }).startsWith(`'${start}cmd`))
  })
}

test('CSV makes no formula of a key either', () => {
  assert.match(csvCells({ key: '=1+1' }), /,'=1\+1,/)
})
