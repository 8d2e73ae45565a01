import { ascii, type Container, type Piece, textOf, viewOf } from './container.ts'
import { exifOf, orientationIn } from './orientation.ts'

const EXIF = 'Exif\0\0'
const [FILL, STUFFED, RST0, RST7] = [0xff, 0x00, 0xd0, 0xd7]
const [EOI, SOS, APP0, APP15, COM] = [0xd9, 0xda, 0xe0, 0xef, 0xfe]
/** How much is searched for a marker at once, in bytes. */
const STEP = 2 ** 18

/** Application segments that change how the picture looks. */
const KEPT: Record<number, string> = { 226: 'ICC_PROFILE\0', 238: 'Adobe' }

/**
 * A JPEG without Exif, XMP, IPTC, comments, previews, and what follows the end of the picture, such as
 * other pictures of a multi-picture file or a video.
 *
 * @see ITU-T T.81, annex B
 */
export async function cleanJpeg(photo: Container): Promise<Piece[]> {
  const pieces: Piece[] = [photo.slice(0, 2)]
  let isTurned = false
  let hasScan = false
  for (let at = 2; ; ) {
    const [mark, marker = 0, high = 0, low = 0] = await photo.peek(at, 4)
    if (mark !== FILL) photo.refuse()
    if (marker === FILL) {
      at++
      continue
    }
    if (marker === EOI && hasScan) return [...pieces, photo.slice(at, at + 2)]
    // Others have no length, and none of them belongs here.
    if (marker < 0xc0 || (marker >= RST0 && marker <= EOI)) photo.refuse()
    const end = at + 2 + high * 256 + low
    if (end < at + 4) photo.refuse()
    const segment = await photo.read(at, end - at)
    if (marker === APP0 + 1 && !isTurned && textOf(segment, 4, 10) === EXIF) {
      const orientation = orientationIn(segment.subarray(10))
      isTurned = orientation > 1
      if (isTurned) pieces.push(ascii('\xff\xe1\0\x22'), ascii(EXIF), exifOf(orientation))
    } else if (marker === APP0 && segment.length >= 18 && textOf(segment, 4, 9) === 'JFIF\0') {
      pieces.push(withoutPreview(segment))
    } else if (isKept(marker, segment)) pieces.push(photo.slice(at, end))
    at = end
    if (marker !== SOS) continue
    hasScan = true
    const next = await endOfScan(photo, at)
    pieces.push(photo.slice(at, next))
    at = next
  }
}

function isKept(marker: number, segment: Uint8Array): boolean {
  if (marker === COM) return false
  if (marker < APP0 || marker > APP15) return true
  const name = KEPT[marker]
  return name !== undefined && textOf(segment, 4, 4 + name.length) === name
}

/** The head of JFIF, which may hold a small picture of what was cut off since. */
function withoutPreview(segment: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = segment.slice(0, 18) as Uint8Array<ArrayBuffer>
  viewOf(head).setUint16(2, 16)
  head.fill(0, 16)
  return head
}

/** Where the next marker is after the data of a scan. */
async function endOfScan(photo: Container, from: number): Promise<number> {
  for (let at = from; at < photo.size; ) {
    const bytes = await photo.peek(at, STEP)
    let index = bytes.indexOf(FILL)
    // The byte after it may be in the next step.
    while (index >= 0 && index < bytes.length - 1) {
      const next = bytes[index + 1] ?? 0
      const isData = next === STUFFED || (next >= RST0 && next <= RST7) || next === FILL
      if (!isData) return at + index
      index = bytes.indexOf(FILL, index + 1)
    }
    at += index < 0 ? bytes.length : index
    // It ends with half a marker.
    if (index >= 0 && at === photo.size - 1) break
  }
  return photo.refuse()
}
