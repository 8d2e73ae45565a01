const WIDTH = 240
const HEIGHT = 160

const drawn = new Map<number, Blob>()

/** A picture of hills under a sky. Each is drawn once, for all files with it. */
export function hills(hue: number): Blob {
  const picture = drawn.get(hue) ?? new Blob([draw(hue, WIDTH, HEIGHT)])
  drawn.set(hue, picture)
  return picture
}

/** An uncompressed BMP: every browser can show it, and it needs no file. */
function draw(hue: number, width: number, height: number): Uint8Array<ArrayBuffer> {
  const line = Math.ceil((width * 3) / 4) * 4
  const bytes = new Uint8Array(54 + line * height)
  const header = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  header.setUint32(2, bytes.length, true)
  header.setUint32(10, 54, true)
  header.setUint32(14, 40, true)
  header.setInt32(18, width, true)
  header.setInt32(22, height, true)
  header.setUint16(26, 1, true)
  header.setUint16(28, 24, true)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      bytes.set(colorAt(x / width, y / height, hue), 54 + y * line + x * 3)
    }
  }
  return bytes
}

/** Blue, green, red. A BMP has its lines from bottom to top. */
function colorAt(x: number, y: number, hue: number): [number, number, number] {
  const near = 0.3 + 0.12 * Math.sin(x * 5 + hue)
  const far = 0.5 + 0.1 * Math.sin(x * 9 + hue * 3)
  if (y < near) return shade(hue + 2, 0.35)
  if (y < far) return shade(hue + 1, 0.55)
  const isSun = Math.hypot((x - 0.7) * 1.5, y - 0.78) < 0.09
  return isSun ? [190, 240, 255] : shade(hue, 0.7 + y * 0.25)
}

function shade(hue: number, light: number): [number, number, number] {
  const part = (offset: number) => Math.round(255 * light * (0.75 + 0.25 * Math.sin(hue + offset)))
  return [part(0), part(2), part(4)]
}
