import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { type PlacedRow, VirtualRows } from '../../../../src/elements/views/list/virtual-rows.ts'

/** Height of an ordinary row and of what can be seen of the list, in px. */
const [ROW, VIEW] = [40, 400]

class FakeRow {
  readonly dataset: { id: string }
  readonly style: { height: string }

  constructor(id: string, height: number) {
    this.dataset = { id }
    this.style = { height: `${height}px` }
  }
}

/** A list with the rows that are drawn. */
class FakeList extends EventTarget {
  rows: FakeRow[] = [new FakeRow('0', ROW)]
  scrollTop = 0
  clientWidth = 600
  clientHeight = VIEW
  style = { gridTemplateColumns: 'none', rowGap: 'normal' }

  querySelector(): FakeRow | null {
    return this.rows[0] ?? null
  }

  querySelectorAll(): FakeRow[] {
    return this.rows
  }
}

let resized: (() => void) | undefined

Object.assign(globalThis, {
  getComputedStyle: ({ style }: FakeRow | FakeList) => style,
  ResizeObserver: class {
    constructor(callback: () => void) {
      resized = callback
    }
    observe() {}
    disconnect() {
      resized = undefined
    }
  },
})

beforeEach(() => {
  resized = undefined
})

const idsTo = (count: number) => Array.from({ length: count }, (_, index) => String(index))

function setUp(style?: FakeList['style']) {
  const list = new FakeList()
  if (style) list.style = style
  let changes = 0
  const rows = new VirtualRows(list as unknown as HTMLElement, () => changes++)
  /** Draws what is to be drawn. `heights` are those of the rows that are not ordinary. */
  const draw = (ids: readonly string[], heights: Record<string, number> = {}, focused?: string) => {
    const placed = rows.rows(ids, focused)
    list.rows = placed.map(({ id }) => new FakeRow(id, heights[id] ?? ROW))
    rows.drawn()
    return placed
  }
  const scroll = (to: number) => {
    list.scrollTop = to
    list.dispatchEvent(new Event('scroll'))
  }
  return { list, rows, draw, scroll, changes: () => changes }
}

const range = (placed: PlacedRow[]) => [placed[0]?.index, placed.at(-1)?.index, placed.length]
const topOf = (placed: PlacedRow[], id: string) =>
  Number(/--_top:([\d.]+)px/.exec(placed.find((row) => row.id === id)?.place ?? '')?.[1])

test('draws what is in view, and a quarter of that above and below', () => {
  const { rows, draw, scroll, changes } = setUp()
  const ids = idsTo(1_000)
  assert.deepEqual(range(draw(ids)), [0, 12, 13])
  assert.equal(rows.extent, 1_000 * ROW)
  scroll(4_000)
  assert.equal(changes(), 1)
  const placed = draw(ids)
  assert.deepEqual(range(placed), [97, 112, 16])
  assert.deepEqual(placed[0], { id: '97', index: 97, place: '--_top:3880px;grid-column:1/2' })
  scroll(1_000 * ROW - VIEW)
  assert.deepEqual(range(draw(ids)), [987, 999, 13])
})

test('a row that is higher moves those below it', () => {
  const { rows, draw, changes } = setUp()
  const ids = idsTo(100)
  draw(ids, { 2: 100 })
  assert.equal(changes(), 1)
  const placed = draw(ids, { 2: 100 })
  assert.deepEqual([topOf(placed, '2'), topOf(placed, '3')], [80, 180])
  assert.equal(rows.extent, 100 * ROW + 60)
  assert.equal(changes(), 1, 'once the height is known there is nothing more to do')
})

test('the height of a row is forgotten with its file', () => {
  const { rows, draw } = setUp()
  const ids = idsTo(100)
  draw(ids, { 2: 100 })
  draw(ids.filter((id) => id !== '2'))
  rows.rows(ids, undefined)
  assert.equal(rows.extent, 100 * ROW)
})

test('what is in view stays there when rows above it become higher, or go', () => {
  const { list, draw, scroll } = setUp()
  const ids = idsTo(200)
  draw(ids)
  scroll(2_010)
  draw(ids, { 48: 70, 49: 70 })
  draw(ids, { 48: 70, 49: 70 })
  assert.equal(list.scrollTop, 2_070)
  draw(ids.slice(10), { 48: 70, 49: 70 })
  assert.equal(list.scrollTop, 2_070 - 10 * ROW)
})

test('at the top the list stays at the top', () => {
  const { list, draw } = setUp()
  draw(idsTo(100))
  draw(['new', ...idsTo(100)])
  assert.equal(list.scrollTop, 0)
})

test('the rows around the focus are drawn wherever they are', () => {
  const { draw, scroll } = setUp()
  const ids = idsTo(1_000)
  draw(ids)
  scroll(20_000)
  const indexes = (focused: string) => draw(ids, {}, focused).map(({ index }) => index)
  assert.deepEqual(indexes('3').slice(0, 4), [2, 3, 4, 497])
  assert.deepEqual(indexes('0').slice(0, 3), [0, 1, 497])
  assert.deepEqual(indexes('999').slice(-2), [998, 999])
  assert.equal(indexes('gone')[0], 497)
})

test('a grid has as many columns as the stylesheet says, and lines as high as their highest tile', () => {
  const { rows, draw } = setUp({ gridTemplateColumns: '190px 190px 190px', rowGap: '12px' })
  const ids = idsTo(100)
  draw(ids, { 1: 64 })
  const placed = draw(ids, { 1: 64 })
  assert.equal(rows.extent, 33 * (ROW + 12) + 64 + 12)
  assert.deepEqual(
    placed.slice(0, 4).map(({ place }) => place),
    [
      '--_top:0px;grid-column:1/2',
      '--_top:0px;grid-column:2/3',
      '--_top:0px;grid-column:3/4',
      '--_top:76px;grid-column:1/2',
    ],
  )
})

test('another width measures all rows anew; another height only shows more of them', () => {
  const { list, rows, draw, changes } = setUp()
  const ids = idsTo(100)
  draw(ids, { 2: 100 })
  draw(ids, { 2: 100 })
  list.clientHeight = 2 * VIEW
  resized?.()
  assert.equal(changes(), 2)
  assert.equal(range(draw(ids, { 2: 100 }))[2], 24)
  assert.equal(rows.extent, 100 * ROW + 60)

  list.clientWidth = 300
  list.rows = [new FakeRow('0', 60), new FakeRow('2', 120)]
  resized?.()
  rows.rows(ids, undefined)
  assert.equal(rows.extent, 100 * 60)
})

test('a list that is hidden keeps the height of its rows', () => {
  const { list, rows, draw } = setUp()
  const ids = idsTo(100)
  draw(ids)
  list.clientWidth = 0
  list.rows = [new FakeRow('0', 0)]
  resized?.()
  rows.rows(ids, undefined)
  assert.equal(rows.extent, 100 * ROW)
})

test('once disconnected it neither listens nor measures', () => {
  const { rows, scroll, changes } = setUp()
  rows.disconnect()
  scroll(500)
  assert.deepEqual([changes(), resized], [0, undefined])
})
