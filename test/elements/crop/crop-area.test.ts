import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CropArea } from '../../../src/elements/crop/crop-area.ts'

test('the square is in the middle at first, and as large as the shorter side', () => {
  assert.deepEqual(new CropArea(600, 400).square, { left: 100, top: 0, side: 400 })
})

test('it never leaves the photo', () => {
  const area = new CropArea(600, 400)
  area.move(5, 5)
  assert.deepEqual(area.square, { left: 200, top: 0, side: 400 })
  area.zoomTo(2)
  area.move(-5, -5)
  assert.deepEqual(area.square, { left: 0, top: 0, side: 200 })
  area.zoomTo(1)
  assert.deepEqual(area.square, { left: 0, top: 0, side: 400 })
})

test('what is under the pointer stays there when it is enlarged', () => {
  const area = new CropArea(800, 800)
  // 200 px from the left and 600 px from the top.
  area.zoomTo(2, 0.25, 0.75)
  const { left, top, side } = area.square
  assert.deepEqual([left + 0.25 * side, top + 0.75 * side], [200, 600])
})

test('a small photo is enlarged less, and a tiny one not at all', () => {
  const small = new CropArea(256, 256)
  small.zoomTo(100)
  assert.equal(small.square.side, 64)
  assert.equal(new CropArea(10, 10).mostZoom, 1)
  assert.equal(new CropArea(9000, 9000).mostZoom, 8)
})
