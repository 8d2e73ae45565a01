import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf } from '../../../src/elements/parts/file-kind.ts'

const BY_TYPE: Record<string, string> = {
  'image/png': 'image',
  'IMAGE/JPEG': 'image',
  'image/svg+xml': 'image',
  'image/heic': 'image',
  'video/quicktime': 'video',
  'audio/mpeg': 'audio',
  'application/pdf': 'pdf',
  'application/x-pdf-not': 'other',
  'text/csv': 'spreadsheet',
  'application/vnd.ms-excel': 'spreadsheet',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'spreadsheet',
  'application/vnd.oasis.opendocument.spreadsheet': 'spreadsheet',
  'application/zip': 'archive',
  'application/x-zip-compressed': 'archive',
  'application/gzip': 'archive',
  'application/x-tar': 'archive',
  'application/x-7z-compressed': 'archive',
  'application/vnd.rar': 'archive',
  'text/plain': 'text',
  'application/json': 'text',
  'application/msword': 'text',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'text',
  'application/octet-stream': 'other',
  '': 'other',
}

const BY_NAME: Record<string, string> = {
  'a.JPG': 'image',
  'a.heic': 'image',
  'a.mkv': 'video',
  'a.flac': 'audio',
  'a.pdf': 'pdf',
  'a.xlsx': 'spreadsheet',
  'a.tsv': 'spreadsheet',
  'a.tar.gz': 'archive',
  'a.7z': 'archive',
  'a.md': 'text',
  'a.docx': 'text',
  'a.dat': 'other',
  pdf: 'other',
  'zip.': 'other',
}

test('tells the kind by the media type', () => {
  const found = Object.keys(BY_TYPE).map((type) => [type, kindOf({ name: 'a', type })])
  assert.deepEqual(Object.fromEntries(found), BY_TYPE)
})

test('tells it by the name where the type says nothing', () => {
  for (const type of ['', 'application/octet-stream', 'application/x-unheard-of']) {
    const found = Object.keys(BY_NAME).map((name) => [name, kindOf({ name, type })])
    assert.deepEqual(Object.fromEntries(found), BY_NAME)
  }
})

test('believes the type more than the name', () => {
  assert.equal(kindOf({ name: 'a.zip', type: 'image/png' }), 'image')
})
