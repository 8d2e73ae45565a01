/**
 * Photos of ten cameras with all that cameras and programs write into them: the position, notes of the
 * maker, XMP, IPTC, comments, previews, a second picture and a video behind the first.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp, { type Sharp } from 'sharp'

/** Maker and model. */
const CAMERAS = [
  ['Apple', 'iPhone 15 Pro'],
  ['samsung', 'SM-S928B'],
  ['Google', 'Pixel 8'],
  ['Canon', 'Canon EOS R6'],
  ['NIKON CORPORATION', 'NIKON Z 6_2'],
  ['SONY', 'ILCE-7M4'],
  ['FUJIFILM', 'X-T5'],
  ['Panasonic', 'DC-GH6'],
  ['OLYMPUS CORPORATION', 'E-M1MarkIII'],
  ['DJI', 'FC3582'],
] as const

/** How a picture becomes a file. A HEIC cannot be made here. */
const FORMATS: [name: string, encode: ((picture: Sharp) => Sharp) | undefined][] = [
  ['baseline.jpg', (picture) => picture.jpeg({ quality: 80 })],
  ['progressive.jpg', (picture) => picture.jpeg({ progressive: true })],
  ['icc.jpg', (picture) => picture.jpeg().withIccProfile('p3')],
  ['cmyk.jpg', (picture) => picture.toColorspace('cmyk').jpeg()],
  ['trailer.jpg', (picture) => picture.jpeg({ chromaSubsampling: '4:4:4' })],
  ['plain.png', (picture) => picture.png()],
  ['icc.png', (picture) => picture.png({ progressive: true }).withIccProfile('p3')],
  ['lossy.webp', (picture) => picture.webp().withIccProfile('p3')],
  ['lossless.webp', (picture) => picture.ensureAlpha(0.5).webp({ lossless: true })],
  ['photo.avif', (picture) => picture.avif({ effort: 0 })],
  ['photo.heic', undefined],
]

/** What must be in no file afterwards, wherever it was written. */
export const SECRETS = ['SERIAL-4711', 'Jane Doe', 'Home, sweet home', 'HIDDEN-VIDEO']

const heic = fileURLToPath(new URL('plain.heic', import.meta.url))

/** A folder of files, which is deleted in the end. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'photos-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes so many photos of each camera. Their names begin with its number. */
export async function writePhotos(folder: string, ofEach: number, cameras = 10): Promise<void> {
  const commands: string[][] = []
  for (const [camera, [make, model]] of CAMERAS.slice(0, cameras).entries()) {
    for (let number = 0; number < ofEach; number++) {
      const [format, encode] = FORMATS[number % FORMATS.length] ?? ['', undefined]
      const orientation = ((camera + number) % 8) + 1
      const file = join(folder, `${camera}-${number}-${format}`)
      await writeFile(file, encode ? await encode(picture()).toBuffer() : await readFile(heic))
      const seed = `${file}.seed`
      await writeFile(seed, seedOf(make, orientation))
      commands.push([
        ...['-overwrite_original', '-m', '-q', '-tagsFromFile', seed, '-makernotes', '-all:all'],
        ...[`-Model=${model}`, '-Artist=Jane Doe', '-XMP-dc:Creator=Jane Doe'],
        ...['-GPSLatitude=48.1371', '-GPSLatitudeRef=N', '-GPSLongitude=11.5754'],
        ...[
          '-GPSLongitudeRef=E',
          '-XMP-exif:GPSLatitude=48.1371',
          '-XMP-dc:Title=Home, sweet home',
        ],
        ...['-SerialNumber=SERIAL-4711', '-DateTimeOriginal=2026:01:02 03:04:05'],
        ...(format.endsWith('.jpg') ? jpegOnly(seed) : []),
        ...(format.endsWith('.png') ? ['-PNG:Comment=Home, sweet home'] : []),
        file,
      ])
    }
  }
  await exiftool(commands.flatMap((command) => [...command, '-execute']))
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    if (name.endsWith('.seed')) await rm(file)
    if (name.endsWith('trailer.jpg')) await writeFile(file, await withTrailer(file))
  }
}

/** What exiftool says of all files of a folder, by their names; the groups are in the names of the tags. */
export async function tagsIn(folder: string): Promise<Map<string, Record<string, unknown>>> {
  const said = await exiftool(['-j', '-G1', '-a', '-u', '-ee', '-e', folder])
  const files: { SourceFile: string }[] = JSON.parse(said)
  return new Map(files.map(({ SourceFile, ...tags }) => [SourceFile.split('/').at(-1) ?? '', tags]))
}

/** The bytes of the picture in each HEIC. */
export async function codedHeic(): Promise<Buffer> {
  const file = await readFile(heic)
  return file.subarray(file.indexOf('mdat') + 4)
}

/** No two are the same. */
function picture(): Sharp {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const
  return sharp({ create: { width: 40, height: 30, channels: 3, background: '#000', noise } })
}

const jpegOnly = (seed: string) => [
  ...['-Comment=Home, sweet home', '-IPTC:By-line=Jane Doe', `-ThumbnailImage<=${seed}`],
]

/** A small JPEG with an orientation and the notes of a maker, which exiftool copies but does not make. */
function seedOf(make: string, orientation: number): Buffer {
  const note = Buffer.from(`${make}\0SERIAL-4711 of the camera\0`.padEnd(64, '\0'), 'latin1')
  const maker = Buffer.from(`${make}\0`.padEnd(24, '\0'), 'latin1')
  const tiff = Buffer.alloc(68)
  tiff.write('MM\0*', 'latin1')
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    tiff.writeUInt16BE(tag, at)
    tiff.writeUInt16BE(type, at + 2)
    tiff.writeUInt32BE(count, at + 4)
    tiff.writeUInt32BE(value, at + 8)
  }
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(3, 8)
  entry(10, 0x010f, 2, maker.length, 68)
  entry(22, 0x0112, 3, 1, orientation << 16)
  entry(34, 0x8769, 4, 1, 50)
  tiff.writeUInt16BE(1, 50)
  entry(52, 0x927c, 7, note.length, 68 + maker.length)
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, maker, note])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), segment(0xe1, exif), SMALLEST])
}

/** A multi-picture file, and behind its picture another one with a position, and a video. */
async function withTrailer(file: string): Promise<Buffer> {
  const photo = await readFile(file)
  const mpf = segment(0xe2, Buffer.from('MPF\0MM\0*\0\0\0\x08\0\0\0\0\0\0', 'latin1'))
  const video = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0HIDDEN-VIDEO....', 'latin1')
  return Buffer.concat([photo.subarray(0, 2), mpf, photo.subarray(2), photo, video])
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

/** What follows the start of a gray JPEG of one pixel. */
const SMALLEST = Buffer.from(
  'ffdb004300' +
    '01'.repeat(64) +
    'ffc0000b080001000101011100ffc40014' +
    '0001'.padEnd(32, '0') +
    '00ffc40014' +
    '1001'.padEnd(32, '0') +
    '00ffda0008010100003f007fffd9',
  'hex',
)

/** Runs exiftool on arguments, one a line, and resolves with what it prints. */
function exiftool(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('exiftool', ['-@', '-'])
    let [output, errors] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', () => (/^Error/m.test(errors) ? reject(new Error(errors)) : resolve(output)))
    child.stdin.end(args.join('\n'))
  })
}
