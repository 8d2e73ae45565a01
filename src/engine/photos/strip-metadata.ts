/**
 * Loaded with the first file of an upload that has `stripMetadata`.
 *
 * @module
 */
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import { Container, type Piece, textOf } from './container.ts'
import { HEIF_TOOLS } from './heif-tools.ts'
import { cleanJpeg } from './jpeg.ts'
import { cleanPng } from './png.ts'
import { cleanWebp } from './webp.ts'

type Clean = (photo: Container) => Promise<Piece[]>

/** How each kind of file begins, as text with a character for each byte. */
const KINDS: [start: RegExp, clean: Clean | undefined][] = [
  [/^\xff\xd8\xff/, cleanJpeg],
  [/^\x89PNG/, cleanPng],
  [/^RIFF.{4}WEBP/s, cleanWebp],
  // The brand, and those that it is compatible with.
  [/^.{4}ftyp(.{4})*?(hei[cmsx]|hev[cmsx]|mif[12]|miaf|msf1|avi[fos])/s, cleanHeif],
  // TIFF and the raw photos that are made like it, other raw photos, JPEG XL, JPEG 2000.
  [
    /^(II\*\0|MM\0\*|II\+\0|MM\0\+|IIRO|IIU\0|FUJIFILM|.{4}ftypcrx |\xff\n|.{4}(JXL|jP ) )/s,
    undefined,
  ],
]

/** In a separate file: phones send a JPEG to most pages. */
async function cleanHeif(photo: Container): Promise<Piece[]> {
  const heif = await loadModule(() => import('./heif.ts')).catch(() => {
    throw new UploadError('library-incomplete', photo.name)
  })
  return heif.cleanHeif(photo, HEIF_TOOLS)
}

/** Images that no camera writes. */
const OTHER_IMAGE = /^image\/(gif|bmp|svg|(x-|vnd\.microsoft\.)icon)/

/**
 * A photo without its metadata: Exif with its position and the notes of the camera, XMP, IPTC, texts,
 * previews and what follows the picture. Its orientation and color profile stay, and so does each byte of the
 * picture: nothing is encoded again. The same photo always gives the same bytes.
 *
 * What the file is follows from its bytes. The result is made of slices of it, and is never in memory.
 *
 * @param type what the file is said to be
 * @returns `undefined` for a file that is no photo
 * @throws {UploadError} `metadata-not-removed` for a photo that is damaged, or of another format;
 *   `library-incomplete`
 * @throws {DOMException} if the file cannot be read
 */
export async function stripMetadata(file: File, type: string): Promise<File | undefined> {
  const photo = new Container(file)
  const start = textOf(await photo.peek(0, 64))
  const [, clean] = KINDS.find(([begins]) => begins.test(start)) ?? []
  const isPhoto = KINDS.some(([begins]) => begins.test(start)) || isSaidToBe(type)
  if (!isPhoto) return undefined
  const pieces = clean ? await clean(photo) : photo.refuse()
  return new File(pieces, file.name, { type, lastModified: file.lastModified })
}

function isSaidToBe(type: string): boolean {
  return type.startsWith('image/') && !OTHER_IMAGE.test(type)
}
