import type { HeifTools } from './heif-tools.ts'

/** Bytes of the file, from `start` to before `end`. */
export interface Extent {
  start: number
  end: number
}

/** A box of ISO/IEC 14496-12. `body` is where its header ends. */
export interface Box extends Extent {
  type: string
  body: number
}

/** What a box `meta` says of the items of a file. All places are those in the file. */
export interface Items {
  pictures: Extent[]
  metadata: (Extent & { type: string })[]
  /** Boxes inside of it that describe, and that no picture needs. */
  others: Box[]
}

interface Place {
  /** Of the box in the file. */
  offset: number
  /** The box makes no sense, or hides something. */
  refuse: () => never
  tools: HeifTools
}

/** Types of items that are no picture, nor a part of one. */
const METADATA = ['Exif', 'mime', 'uri ']
const KEPT = 'hdlr pitm iinf iloc iprp iref idat grpl dinf ipro'
/** Properties that describe: titles, times, alternative texts. */
const DESCRIPTIONS = 'udes crtt mdft altt'

/** Reads a box `meta`. */
export function itemsIn(meta: Uint8Array, { offset, refuse, tools }: Place): Items {
  try {
    const top = boxesIn(tools, meta, meta[3] === 1 ? 20 : 12, meta.length)
    const one = (type: string, boxes = top) => boxes.find((box) => box.type === type) ?? refuse()
    const types = typesOf(tools, meta, one('iinf'), refuse)
    const idat = top.find(({ type }) => type === 'idat')?.body ?? Number.NaN
    const pictures: Extent[] = []
    const metadata: Items['metadata'] = []
    for (const { id, start, end, method } of extentsOf(tools, meta, one('iloc'))) {
      const type = types.get(id) ?? ''
      const isMetadata = METADATA.includes(type)
      // Of parts of other items, which only pictures are made of.
      if (method > 1 && !isMetadata) continue
      const base = method === 0 ? 0 : method === 1 ? offset + idat : Number.NaN
      if (!(base + end > base + start)) return refuse()
      const extent = { start: base + start, end: base + end }
      if (isMetadata) metadata.push({ ...extent, type })
      else pictures.push(extent)
    }
    const iprp = one('iprp')
    const ipco = one('ipco', boxesIn(tools, meta, iprp.body, iprp.end))
    const others = [
      ...top.filter(({ type }) => !KEPT.includes(type)),
      ...boxesIn(tools, meta, ipco.body, ipco.end).filter(({ type }) =>
        DESCRIPTIONS.includes(type),
      ),
    ]
    return { pictures, metadata, others: others.map((box) => moved(box, offset)) }
  } catch (error) {
    // It ends before what it says is in it.
    if (error instanceof RangeError) return refuse()
    throw error
  }
}

function moved({ type, start, body, end }: Box, by: number): Box {
  return { type, start: start + by, body: body + by, end: end + by }
}

/** @throws {RangeError} if they do not fill the bytes */
function boxesIn(
  { textOf, viewOf }: HeifTools,
  bytes: Uint8Array,
  from: number,
  to: number,
): Box[] {
  const boxes: Box[] = []
  for (let start = from; start < to; ) {
    const size = viewOf(bytes).getUint32(start)
    const end = start + size
    if (size < 8 || end > to) throw new RangeError()
    boxes.push({ type: textOf(bytes, start + 4, start + 8), start, body: start + 8, end })
    start = end
  }
  return boxes
}

/** The types of the items, by their ids. */
function typesOf(
  tools: HeifTools,
  meta: Uint8Array,
  iinf: Box,
  refuse: () => never,
): Map<number, string> {
  const view = tools.viewOf(meta)
  const isLong = meta[iinf.body] !== 0
  return new Map(
    boxesIn(tools, meta, iinf.body + (isLong ? 8 : 6), iinf.end).map(({ body }) => {
      const version = meta[body] ?? 0
      // Older ones have no type.
      if (version < 2) refuse()
      const isWide = version > 2
      const id = isWide ? view.getUint32(body + 4) : view.getUint16(body + 4)
      const at = body + (isWide ? 10 : 8)
      return [id, tools.textOf(meta, at, at + 4)]
    }),
  )
}

/** Where the items are. What `start` counts from depends on the method: the file, `idat`, or an item. */
function extentsOf({ viewOf }: HeifTools, meta: Uint8Array, { body }: Box) {
  const view = viewOf(meta)
  let at = body
  const number = (size: number): number => {
    let value = 0
    for (const end = at + size; at < end; at++) value = value * 256 + view.getUint8(at)
    return value
  }
  const version = number(4) >>> 24
  const [sizes, more] = [number(1), number(1)]
  const wide = version < 2 ? 2 : 4
  const extents: (Extent & { id: number; method: number })[] = []
  for (let items = number(wide); items > 0; items--) {
    const id = number(wide)
    const method = version > 0 ? number(2) & 15 : 0
    // Its data is in another file, which is not there.
    const isElsewhere = number(2) > 0
    const base = number(more >> 4)
    for (let count = number(2); count > 0; count--) {
      if (version > 0) number(more & 15)
      const start = base + number(sizes >> 4)
      const length = number(sizes & 15)
      extents.push({ id, method: isElsewhere ? 3 : method, start, end: start + length })
    }
  }
  return extents
}
