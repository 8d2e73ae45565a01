import { viewOf } from './container.ts'

const ORIENTATION = 0x0112
const SHORT = 3

/**
 * The orientation in Exif data, from 2 to 8; 1, which is upright, if it says none.
 *
 * @param tiff from its byte order mark on
 * @see CIPA DC-008 (Exif 3.0), 4.6.4
 */
export function orientationIn(tiff: Uint8Array): number {
  const view = viewOf(tiff)
  try {
    const isLittle = view.getUint16(0) === 0x4949
    const at = view.getUint32(4, isLittle)
    for (let left = view.getUint16(at, isLittle), entry = at + 2; left > 0; left--, entry += 12) {
      if (view.getUint16(entry, isLittle) !== ORIENTATION) continue
      const value = view.getUint16(entry + 8, isLittle)
      const isShort = view.getUint16(entry + 2, isLittle) === SHORT
      return isShort && value > 1 && value < 9 ? value : 1
    }
  } catch {
    // It ends before: what no program can read turns no picture.
  }
  return 1
}

/** Exif data that holds the orientation and nothing else. */
export function exifOf(orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = new Uint8Array(26)
  const view = viewOf(tiff)
  view.setUint32(0, 0x4d4d002a)
  view.setUint32(4, 8)
  view.setUint16(8, 1)
  view.setUint16(10, ORIENTATION)
  view.setUint16(12, SHORT)
  view.setUint32(14, 1)
  view.setUint16(18, orientation)
  return tiff
}
