import type { ItemToAdd } from '../../engine/index.ts'
import { CropArea } from './crop-area.ts'
import { CropDialog, type CropHost } from './crop-dialog.ts'

/** Larger images, in bytes, are not opened. */
const MOST_BYTES = 128 * 2 ** 20
/** What a canvas can be stored as. Anything else becomes a JPEG. */
const STORABLE = ['image/jpeg', 'image/png', 'image/webp']
const QUALITY = 0.92

/**
 * Lets people choose the square of a photo that is used, in a dialog over the page. What comes of it is a
 * new image without metadata.
 *
 * @param size its width and height in px, at most; what is smaller is not enlarged
 * @returns what to add: the same if it is no image that the browser can decode, or a stream; `undefined` after Cancel
 */
export async function cropPhoto(
  item: ItemToAdd,
  size: number,
  host: CropHost,
): Promise<ItemToAdd | undefined> {
  const file = item instanceof File ? item : 'file' in item ? item.file : undefined
  // Of a stream no part can be shown.
  if (!file) return item
  const photo = await decode(file)
  if (!photo) return item
  try {
    const area = new CropArea(photo.width, photo.height)
    if (!(await new CropDialog(host, photo, area).ask())) return undefined
    const cropped = await encode(file, photo, area, size)
    if (!cropped || item instanceof File) return cropped ?? item
    // The handle and the type are those of the whole photo.
    const { path, meta = {} } = item
    const own = path === undefined ? {} : { path: path.replace(/[^/]*$/, cropped.name) }
    return { file: cropped, meta, ...own }
  } finally {
    photo.close()
  }
}

async function decode(file: File): Promise<ImageBitmap | undefined> {
  // No browser decodes an SVG here.
  if (file.size > MOST_BYTES || !/^image\/(?!svg)/i.test(file.type)) return undefined
  // Upright, as its metadata say.
  return createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => undefined)
}

async function encode(
  file: File,
  photo: ImageBitmap,
  area: CropArea,
  size: number,
): Promise<File | undefined> {
  const { left, top, side } = area.square
  const width = Math.max(1, Math.round(Math.min(side, size)))
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = width
  const context = canvas.getContext('2d')
  if (!context) return undefined
  context.imageSmoothingQuality = 'high'
  context.drawImage(photo, left, top, side, side, 0, 0, width, width)
  const wanted = STORABLE.includes(file.type) ? file.type : 'image/jpeg'
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, wanted, QUALITY))
  if (!blob) return undefined
  // A browser that cannot make a WebP makes a PNG.
  const { type } = blob
  const name = type === file.type ? file.name : renamed(file.name, type)
  return new File([blob], name, { type, lastModified: file.lastModified })
}

function renamed(name: string, type: string): string {
  const extension = type === 'image/jpeg' ? 'jpg' : type.replace('image/', '')
  return `${name.replace(/\.\w+$/, '')}.${extension}`
}
