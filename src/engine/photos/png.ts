import { ascii, type Container, type Piece, textOf, viewOf } from './container.ts'
import { exifOf, orientationIn } from './orientation.ts'

/** Signature of a PNG, in bytes. */
const SIGNATURE = 8
/** What is in a chunk beside its data: its length, its type, and a checksum. */
const FRAME = 12
/** What the picture is made of, how its colors and pixels are meant, and its animation. */
const KEPT =
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV mDCv cLLI cLLi bKGD pHYs acTL fcTL fdAT'

/**
 * A PNG without Exif, texts, XMP, the time of the last change, chunks of other programs, and what follows
 * its end.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export async function cleanPng(photo: Container): Promise<Piece[]> {
  const pieces: Piece[] = [photo.slice(0, SIGNATURE)]
  for (let at = SIGNATURE; ; ) {
    const head = await photo.read(at, 8)
    const length = viewOf(head).getUint32(0)
    const type = textOf(head, 4)
    const end = at + FRAME + length
    if (end > photo.size) photo.refuse()
    if (KEPT.split(' ').includes(type)) pieces.push(photo.slice(at, end))
    if (type === 'IEND') return pieces
    if (type === 'eXIf') {
      const orientation = orientationIn(await photo.read(at + 8, length))
      if (orientation > 1) pieces.push(chunk(type, exifOf(orientation)))
    }
    at = end
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME + data.length)
  const view = viewOf(bytes)
  view.setUint32(0, data.length)
  bytes.set(ascii(type), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
