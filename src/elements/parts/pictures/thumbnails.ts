import { filmFrame } from './film-frame.ts'

/** How many are made of images at the same time: one processor is left for the page. */
const AT_ONCE = globalThis.navigator?.hardwareConcurrency > 2 ? 2 : 1
/** Waits until no row has come into view for so many ms: none is made while a list scrolls. */
const REST = 120
/** How many thumbnails are kept. */
const KEPT = 150
/** Larger images, in bytes, are not read. */
const MOST_BYTES = 64 * 2 ** 20

/** The list that the thumbnails are for. */
export interface ThumbnailHost {
  /** The file with this id. */
  file: (id: string) => File | undefined
  isFilm: (file: File) => boolean
  /** Width and height, in device pixels. */
  size: () => [width: number, height: number]
  /** Called when one more thumbnail is ready, or a file turns out to have none. */
  changed: () => void
}

/**
 * Thumbnails of the images and films that are in view. The browser decodes them off the main thread. Files
 * that it cannot decode have no thumbnail.
 */
export class Thumbnails {
  readonly #host: ThumbnailHost
  /** By the id of the file, least recently drawn first; `undefined` for a file without one. */
  readonly #pictures = new Map<string, HTMLCanvasElement | undefined>()
  readonly #observer: IntersectionObserver
  readonly #watched = new Set<Element>()
  readonly #inView = new Set<string>()
  /** The images that are drawn now. */
  readonly #drawing = new Set<string>()
  /** Films need more of the computer than images: one at a time. No image waits for one that may take long. */
  #filming: string | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ThumbnailHost) {
    this.#host = host
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries))
  }

  /** The thumbnail of a file, if it is ready. The canvas can be in one place only. */
  of(id: string): HTMLCanvasElement | undefined {
    const picture = this.#pictures.get(id)
    if (picture) this.#keep(id, picture)
    return picture
  }

  /** Whether it is known that a file has no thumbnail. */
  hasNone(id: string): boolean {
    return this.#pictures.has(id) && !this.#pictures.get(id)
  }

  /** Discards all thumbnails, for another size. */
  clear(): void {
    this.#pictures.clear()
    this.#next()
  }

  /** Call with the rows when they are drawn. Their `data-id` is the id of the file. */
  watch(rows: Iterable<Element>): void {
    const drawn = new Set(rows)
    for (const row of this.#watched) {
      if (drawn.has(row)) continue
      this.#observer.unobserve(row)
      this.#watched.delete(row)
      this.#inView.delete(idOf(row))
    }
    for (const row of drawn) {
      if (this.#watched.has(row)) continue
      this.#watched.add(row)
      this.#observer.observe(row)
    }
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && this.#watched.has(target)) this.#inView.add(idOf(target))
      else this.#inView.delete(idOf(target))
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#next()
    }, REST)
  }

  #next(): void {
    if (this.#timer) return
    for (const id of this.#inView) {
      if (this.#pictures.has(id) || this.#drawing.has(id) || this.#filming === id) continue
      const file = this.#host.file(id)
      const isFilm = file !== undefined && this.#host.isFilm(file)
      const isBusy = isFilm ? this.#filming !== undefined : this.#drawing.size >= AT_ONCE
      if (!isBusy) void this.#make(id, file, isFilm)
    }
  }

  async #make(id: string, file: File | undefined, isFilm: boolean): Promise<void> {
    if (isFilm) this.#filming = id
    else this.#drawing.add(id)
    const [width, height] = this.#host.size()
    const picture = file && (await draw(file, isFilm, width, height).catch(() => undefined))
    if (isFilm) this.#filming = undefined
    else this.#drawing.delete(id)
    // The size may have changed in the meantime.
    if (width === this.#host.size()[0]) this.#keep(id, picture)
    this.#host.changed()
    this.#next()
  }

  #keep(id: string, picture: HTMLCanvasElement | undefined): void {
    this.#pictures.delete(id)
    this.#pictures.set(id, picture)
    for (const oldest of this.#pictures.keys()) {
      if (this.#pictures.size <= KEPT) return
      this.#pictures.delete(oldest)
    }
  }
}

/** Makes a thumbnail; `undefined` for a file that is too large or an SVG. */
async function draw(
  file: File,
  isFilm: boolean,
  width: number,
  height: number,
): Promise<HTMLCanvasElement | undefined> {
  // Twice the width, so that a wide image has enough pixels in its height too.
  const image = isFilm ? await filmFrame(file) : await decode(file, width * 2, 'medium')
  if (!image) return undefined
  const canvas = document.createElement('canvas')
  drawMiddle(image, canvas, width, height)
  image.close()
  return canvas
}

/**
 * Decodes an image, scaled to this width in px.
 *
 * @returns `undefined` for a file that is too large or an SVG
 * @throws {DOMException} when the browser cannot decode it
 */
export async function decode(
  file: File,
  resizeWidth: number,
  resizeQuality: ResizeQuality,
): Promise<ImageBitmap | undefined> {
  // No browser decodes an SVG here, and drawing one may never end.
  if (file.size > MOST_BYTES || /svg/i.test(file.type)) return undefined
  return createImageBitmap(file, { resizeWidth, resizeQuality })
}

/** Draws the middle of an image so that it covers the canvas, and sets the size of the canvas. */
export function drawMiddle(
  image: ImageBitmap,
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): void {
  canvas.width = width
  canvas.height = height
  const scale = Math.max(width / image.width, height / image.height)
  const [wide, high] = [image.width * scale, image.height * scale]
  const context = canvas.getContext('2d')
  context?.drawImage(image, (width - wide) / 2, (height - high) / 2, wide, high)
}

function idOf(row: Element): string {
  return (row as HTMLElement).dataset.id ?? ''
}
