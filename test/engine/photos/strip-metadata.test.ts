/** What is left of a photo, by the word of exiftool; and what becomes of one that is damaged or lies. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { UploadError } from '../../../src/engine/api/errors.ts'
import { stripMetadata } from '../../../src/engine/photos/strip-metadata.ts'
import { codedHeic, inFolder, SECRETS, tagsIn, writePhotos } from '../../support/photos/photos.ts'

/** Photos of each of the ten cameras. */
const OF_EACH = 22

/** What may be said of a photo: how the file is made, its colors, and which way is up. */
const LEFT = new RegExp(
  '^(ExifTool:(ExifToolVersion|Warning)|System:|File:(?!Comment|CurrentIPTCDigest)|JFIF:(?!Thumbnail)|Adobe:|ICC|' +
    'PNG:(?!Comment|Modify)|PNG-pHYs:|RIFF:(?!Exif)|QuickTime:|Meta:(?!XMP)|IFD0:Orientation$|' +
    'Composite:(ImageSize|Megapixels)$)',
)

const types: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
}

const typeOf = (name: string) => types[name.split('.').at(-1) ?? ''] ?? ''

async function strip(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Buffer | undefined> {
  const stripped = await stripMetadata(new File([bytes], 'photo', { type, lastModified: 5 }), type)
  if (!stripped) return undefined
  assert.deepEqual(
    [stripped.name, stripped.type, stripped.lastModified],
    ['photo', type, 5],
    'the same file to people',
  )
  return Buffer.from(await stripped.arrayBuffer())
}

const isRefusal = (error: unknown) =>
  error instanceof UploadError && error.code === 'metadata-not-removed'

/** The picture, decoded; of a HEIC, which nothing here decodes, its bytes and where they are. */
async function pixelsOf(name: string, bytes: Buffer): Promise<Buffer | [number, Buffer]> {
  if (!name.endsWith('.heic')) return sharp(bytes).raw().toBuffer()
  const coded = await codedHeic()
  const at = bytes.indexOf(coded)
  assert.ok(at > 0, name)
  return [at, coded]
}

test('of 220 photos of ten cameras nothing is left but picture, colors and orientation', async () => {
  await inFolder((folder) =>
    inFolder(async (cleaned) => {
      await writePhotos(folder, OF_EACH)
      const names = await readdir(folder)
      assert.equal(names.length, 10 * OF_EACH)
      for (const name of names) {
        const bytes = await readFile(join(folder, name))
        const stripped = await strip(new Uint8Array(bytes), typeOf(name))
        assert.ok(stripped, name)
        assert.ok(
          SECRETS.some((secret) => bytes.includes(secret)),
          `${name} has secrets`,
        )
        for (const secret of SECRETS) assert.ok(!stripped.includes(secret), `${name}: ${secret}`)
        assert.deepEqual(await pixelsOf(name, stripped), await pixelsOf(name, bytes), name)
        assert.deepEqual(await strip(new Uint8Array(bytes), typeOf(name)), stripped, 'once more')
        assert.deepEqual(await strip(new Uint8Array(stripped), typeOf(name)), stripped, 'of itself')
        await writeFile(join(cleaned, name), stripped)
      }
      const [before, after] = [await tagsIn(folder), await tagsIn(cleaned)]
      assert.equal(after.size, names.length)
      for (const [name, tags] of after) {
        const found = before.get(name) ?? {}
        assert.ok(
          Object.keys(found).some((tag) => tag.startsWith('GPS:')),
          `${name} had a position`,
        )
        assert.deepEqual(
          Object.keys(tags).filter((tag) => !LEFT.test(tag)),
          [],
          name,
        )
        const icc = (of: Record<string, unknown>) =>
          Object.entries(of).filter(([tag]) => tag.startsWith('ICC'))
        assert.deepEqual(icc(tags), icc(found), name)
        // In HEIC and AVIF it is no matter of Exif: there is a property for it.
        if (/heic|avif/.test(name)) continue
        const up = 'Horizontal (normal)'
        assert.equal(tags['IFD0:Orientation'] ?? up, found['IFD0:Orientation'] ?? up, name)
      }
    }),
  )
})

test('a photo that ends too soon is refused, wherever that is', async () => {
  await inFolder(async (folder) => {
    await writePhotos(folder, 11, 1)
    for (const name of await readdir(folder)) {
      const whole = await strip(new Uint8Array(await readFile(join(folder, name))), typeOf(name))
      assert.ok(whole)
      for (let length = 0; length < whole.length; length += 1 + Math.floor(length / 20)) {
        const cut = new Uint8Array(whole.subarray(0, length))
        await assert.rejects(strip(cut, typeOf(name)), isRefusal, `${name}, ${length} bytes`)
      }
    }
  })
})

test('a photo with damaged bytes is refused or done, and never takes forever', async () => {
  await inFolder(async (folder) => {
    await writePhotos(folder, 11, 1)
    for (const name of await readdir(folder)) {
      const bytes = new Uint8Array(await readFile(join(folder, name)))
      for (let tries = 0; tries < 200; tries++) {
        const damaged = bytes.slice()
        for (let places = 0; places < 3; places++) {
          damaged[(tries * 7919 + places * 104_729) % bytes.length] = (tries * 31 + places) % 256
        }
        await strip(damaged, typeOf(name)).catch((error) => assert.ok(isRefusal(error), `${error}`))
      }
    }
  })
})

test('what a file is follows from its bytes, not from what it is said to be', async () => {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#f00' } })
  const exif = { IFD0: { Artist: 'Jane Doe' } }
  const png = await picture.clone().png().withExif(exif).toBuffer()
  const jpeg = await picture.clone().jpeg().withExif(exif).toBuffer()
  for (const type of ['image/jpeg', 'text/plain', '']) {
    for (const photo of [png, jpeg]) {
      assert.ok(photo.includes('Jane Doe'))
      const stripped = await strip(new Uint8Array(photo), type)
      assert.ok(stripped && !stripped.includes('Jane Doe'))
    }
  }
})

test('a photo of a format that it cannot clean is refused, whatever it is called', async () => {
  const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
  const refused: [string, string][] = [
    ['II*\0\x08\0\0\0', ''],
    ['MM\0*\0\0\0\x08', 'application/octet-stream'],
    ['\0\0\0\x18ftypcrx \0\0\0\x01crx isom', ''],
    ['\0\0\0\x0cJXL \r\n\x87\n', 'image/jxl'],
    ['This is no photo.', 'image/jpeg'],
    ['', 'image/png'],
  ]
  for (const [bytes, type] of refused) {
    await assert.rejects(strip(latin(bytes), type), isRefusal, bytes)
  }
})

test('what is no photo stays as it is', async () => {
  const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
  const others: [string, string][] = [
    ['%PDF-1.7', 'application/pdf'],
    ['GIF89a', 'image/gif'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'video/mp4'],
    ['', ''],
  ]
  for (const [bytes, type] of others) assert.equal(await strip(latin(bytes), type), undefined)
})

test('a photo of 50 MB is never in memory', async () => {
  const head = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#f00' } })
    .jpeg()
    .toBuffer()
  const data = new Uint8Array(50e6).fill(0x55)
  let most = 0
  class Watched extends File {
    override slice(start = 0, end = this.size): Blob {
      const slice = super.slice(start, end)
      const read = slice.arrayBuffer.bind(slice)
      slice.arrayBuffer = () => {
        most = Math.max(most, slice.size)
        return read()
      }
      return slice
    }
  }
  const photo = new Watched(
    [new Uint8Array(head.subarray(0, -2)), data, new Uint8Array(head.subarray(-2))],
    'large.jpg',
  )
  const stripped = await stripMetadata(photo, 'image/jpeg')
  assert.equal(stripped?.size, photo.size)
  assert.ok(most > 0 && most <= 2 ** 18, `${most} bytes at once`)
})

test('a file that cannot be read is not taken for one that is damaged', async () => {
  class Gone extends File {
    override slice(): Blob {
      return new Blob([])
    }
  }
  const gone = new Gone(['some bytes'], 'gone.jpg')
  await assert.rejects(stripMetadata(gone, 'image/jpeg'), { name: 'NotReadableError' })
})
