import { ascii, type Container, type Piece, textOf, viewOf } from './container.ts'
import { exifOf, orientationIn } from './orientation.ts'

/** `RIFF`, a length, `WEBP`. */
const HEAD = 12
const KEPT = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']
/** Flags of `VP8X`. */
const [HAS_EXIF, HAS_XMP] = [8, 4]

/**
 * A WebP without Exif, XMP, chunks of other programs, and what follows its end.
 *
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export async function cleanWebp(photo: Container): Promise<Piece[]> {
  const head = (await photo.read(0, HEAD)).slice()
  const last = 8 + viewOf(head).getUint32(4, true)
  if (last > photo.size) photo.refuse()
  const pieces: Piece[] = []
  let extended: Uint8Array<ArrayBuffer> | undefined
  let hasPicture = false
  let orientation = 1
  for (let at = HEAD; at < last; ) {
    const about = await photo.read(at, 8)
    const type = textOf(about, 0, 4)
    const length = viewOf(about).getUint32(4, true)
    // Padded to an even length.
    const end = at + 8 + length + (length % 2)
    if (end > last) photo.refuse()
    if (type === 'VP8X') {
      extended = (await photo.read(at, end - at)).slice()
      pieces.push(extended)
    } else if (KEPT.includes(type)) pieces.push(photo.slice(at, end))
    if (type === 'EXIF') orientation = orientationIn(tiffIn(await photo.read(at + 8, length)))
    hasPicture ||= /^VP8[ L]|ANMF/.test(type)
    at = end
  }
  if (!hasPicture) photo.refuse()
  if (extended) {
    extended[8] = (extended[8] ?? 0) & ~(HAS_EXIF | HAS_XMP)
    if (orientation > 1) {
      extended[8] |= HAS_EXIF
      pieces.push(ascii('EXIF\x1a\0\0\0'), exifOf(orientation))
    }
  }
  const size = pieces.reduce((sum, piece) => sum + ('size' in piece ? piece.size : piece.length), 4)
  viewOf(head).setUint32(4, size, true)
  return [head, ...pieces]
}

/** Some programs put the head of a JPEG segment before it. */
function tiffIn(exif: Uint8Array): Uint8Array {
  return exif.subarray(textOf(exif, 0, 4) === 'Exif' ? 6 : 0)
}
