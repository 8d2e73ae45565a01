/**
 * Loaded with the first HEIC or AVIF.
 *
 * @module
 */
import type { Container, Piece } from './container.ts'
import { type Box, type Extent, itemsIn } from './heif-items.ts'
import type { HeifTools } from './heif-tools.ts'

/** Boxes of a file that stay. What else is there may be a video, or a description. */
const KEPT = ['ftyp', 'meta', 'mdat']
/** Most bytes of the box that lists the items: those of a photo take some kB. */
const MOST_META = 2 ** 22
const ZEROS = new Blob([new Uint8Array(2 ** 16)])

/** What to put in place of bytes, as many as those. */
interface Patch extends Extent {
  pieces: Piece[]
}

/**
 * A HEIC, HEIF or AVIF without Exif, XMP and other metadata. They are overwritten, so that no byte of the
 * picture moves, and no box that says where it is has to change. Its orientation is not in Exif but a
 * property of the picture, and stays.
 *
 * @see ISO/IEC 14496-12 (boxes) and ISO/IEC 23008-12 (HEIF)
 */
export async function cleanHeif(photo: Container, tools: HeifTools): Promise<Piece[]> {
  const boxes = await boxesOf(photo, tools)
  const [meta, ...more] = boxes.filter(({ type }) => type === 'meta')
  // A sequence of pictures may say more of itself at many places.
  const isSequence = boxes.some(({ type }) => type === 'moov')
  const isOne = meta && more.length === 0 && meta.end - meta.start < MOST_META
  if (!isOne || isSequence) return photo.refuse()
  const { pictures, metadata, others } = itemsIn(
    await photo.read(meta.start, meta.end - meta.start),
    {
      ...{ offset: meta.start, refuse: () => photo.refuse(), tools },
    },
  )
  const kept = boxes.filter(({ type }) => KEPT.includes(type))
  const isStored = (it: Extent) => kept.some(({ body, end }) => it.start >= body && it.end <= end)
  const isShared = (it: Extent) =>
    pictures.some(({ start, end }) => it.start < end && it.end > start)
  if (![...pictures, ...metadata].every(isStored) || metadata.some(isShared)) photo.refuse()
  const dropped = boxes.filter(({ type }) => !KEPT.includes(type))
  const patches = [
    ...metadata.map((it) => emptied(it, tools)),
    ...[...others, ...dropped].flatMap((box) => freed(box, tools)),
  ]
  return patched(photo, patches, Math.max(...kept.map(({ end }) => end)))
}

/** The boxes of the file. Behind the picture there may be bytes that are none. */
async function boxesOf(photo: Container, { textOf, viewOf }: HeifTools): Promise<Box[]> {
  const boxes: Box[] = []
  for (let start = 0; start < photo.size; ) {
    const head = await photo.peek(start, 16)
    if (head.length < 8) break
    const view = viewOf(head)
    const type = textOf(head, 4, 8)
    const size = view.getUint32(0)
    const isLong = size === 1 && head.length === 16
    const end = size === 0 ? photo.size : start + (isLong ? Number(view.getBigUint64(8)) : size)
    const body = start + (isLong ? 16 : 8)
    if (end > photo.size || end < body) {
      if (KEPT.includes(type)) photo.refuse()
      break
    }
    boxes.push({ type, start, body, end })
    start = end
  }
  return boxes
}

/** Metadata that says nothing, but is still what its item claims to be: readers may refuse others. */
function emptied(
  { start, end, type }: Extent & { type: string },
  { ascii, exifOf }: HeifTools,
): Patch {
  const nothing =
    type === 'Exif'
      ? [new Uint8Array(4), exifOf(1)]
      : [ascii('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')]
  const length = nothing.reduce((sum, each) => sum + each.length, 0)
  const pieces = length > end - start ? [] : nothing
  return { start, end, pieces: [...pieces, ...zeros(end - start - (pieces.length && length))] }
}

/** A box with nothing in it that readers skip. */
function freed({ start, body, end }: Box, { ascii }: HeifTools): Patch[] {
  return [
    { start: start + 4, end: start + 8, pieces: [ascii('free')] },
    { start: body, end, pieces: zeros(end - body) },
  ]
}

function zeros(length: number): Blob[] {
  const count = Math.floor(length / ZEROS.size)
  return [...Array<Blob>(count).fill(ZEROS), ZEROS.slice(0, length % ZEROS.size)]
}

function patched(photo: Container, patches: Patch[], last: number): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const patch of patches.sort((one, other) => one.start - other.start)) {
    if (patch.start >= last) break
    pieces.push(photo.slice(at, patch.start), ...patch.pieces)
    at = patch.end
  }
  return [...pieces, photo.slice(at, last)]
}
