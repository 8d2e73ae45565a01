import { crc32 } from 'node:zlib'

/** A picture, and how long it is shown, in ms. */
export interface Frame {
  png: Uint8Array
  ms: number
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/**
 * Makes one picture that moves of pictures of one size. It begins again after the last one.
 *
 * @throws {Error} when the pictures differ in size or color type
 * @see https://www.w3.org/TR/png-3/#apngFrameBasedAnimation
 */
export function animatedPng(frames: Frame[]): Buffer {
  const heads = new Set(frames.map(({ png }) => headOf(png).toString('hex')))
  const [head] = heads
  if (head === undefined || heads.size > 1) throw new Error('The pictures are not of one kind.')
  const header = Buffer.from(head, 'hex')
  let sequence = 0
  const parts = frames.flatMap(({ png, ms }, index) => {
    const control = chunk('fcTL', numbers(sequence++, ...sizeOf(header), 0, 0), delayOf(ms))
    const data = Buffer.concat(
      chunksOf(png).flatMap(([type, data]) => (type === 'IDAT' ? data : [])),
    )
    // The first one is what programs show that do not know of the others.
    const body = index === 0 ? chunk('IDAT', data) : chunk('fdAT', numbers(sequence++), data)
    return [control, body]
  })
  const animation = chunk('acTL', numbers(frames.length, 0))
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), animation, ...parts, chunk('IEND')])
}

/** What is in a picture: chunks with a type. */
function chunksOf(png: Uint8Array): [type: string, data: Buffer][] {
  const bytes = Buffer.from(png)
  const found: [string, Buffer][] = []
  for (let at = SIGNATURE.length; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    found.push([bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length)])
    at += 12 + length
  }
  return found
}

function headOf(png: Uint8Array): Buffer {
  return chunksOf(png)[0]?.[1] ?? Buffer.alloc(0)
}

/** Width and height. */
function sizeOf(header: Buffer): [number, number] {
  return [header.readUInt32BE(0), header.readUInt32BE(4)]
}

/** The delay as a fraction of a second, and that each frame replaces all of the one before. */
function delayOf(ms: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUInt16BE(ms, 0)
  bytes.writeUInt16BE(1000, 2)
  return bytes
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}

function chunk(type: string, ...data: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...data])
  return Buffer.concat([numbers(body.length - 4), body, numbers(crc32(body))])
}
