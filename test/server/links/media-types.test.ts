import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cleanMediaType, mayBeShown } from '../../../src/server/links/media-type.ts'

const UNKNOWN = 'application/octet-stream'
/** 254 characters, which is the longest type without parameters that fits its limits. */
const LONG = `image/${'x'.repeat(127)}; a=${'y'.repeat(117)}`

describe('a media type', () => {
  it('stays as it was named', () => {
    for (const type of [
      'image/png',
      'IMAGE/PNG',
      'text/plain; charset=utf-8',
      'text/plain;charset=utf-8',
      'application/vnd.oasis.opendocument.text',
      'image/svg+xml',
      'application/unknown-format',
      'application/x-unknown',
      `image/${'x'.repeat(127)}`,
      LONG,
      `${LONG}y`,
      'text/plain; a=1; b=2; c=3; d=4',
    ]) {
      assert.equal(cleanMediaType(type), type)
    }
  })

  it('is bytes of which nothing is known where it is none', () => {
    for (const type of [
      '',
      'image',
      '/',
      'image/',
      '/png',
      'image/png/x',
      ' image/png',
      'image/png ',
      'image/png\n',
      'image/png;',
      'image/png; charset',
      'image/png; charset="utf-8"',
      'image/png;  charset=utf-8',
      'image/png, text/html',
      '-image/png',
      'images/png',
      'x-image/png',
      'application/unknown',
      'application/UNKNOWN',
      `image/${'x'.repeat(128)}`,
      `${LONG}yy`,
      'text/plain; a=1; b=2; c=3; d=4; e=5',
      'ímage/png',
    ]) {
      assert.equal(cleanMediaType(type), UNKNOWN, type)
    }
  })

  it('may be shown where it is known to be harmless, whatever its parameters', () => {
    for (const type of ['image/png', 'IMAGE/PNG', 'image/png ; a=b', ' text/plain;charset=utf-8']) {
      assert.equal(mayBeShown(type), true, type)
    }
    for (const type of ['', ';', 'text/html', 'image/svg+xml', 'a=b; image/png', 'image/png,a']) {
      assert.equal(mayBeShown(type), false, type)
    }
  })
})
