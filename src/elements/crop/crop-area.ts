/** Most that a photo is enlarged. */
const MOST_ZOOM = 8
/** A photo is never enlarged so far that fewer pixels of it than these, in either direction, are used. */
const LEAST_PIXELS = 64

/** The square of a photo that is used, in pixels of the photo. */
export interface Square {
  left: number
  top: number
  side: number
}

/** Chooses a square of a photo: it can be moved and enlarged, and never leaves the photo. */
export class CropArea {
  readonly #width: number
  readonly #height: number
  #x: number
  #y: number
  #zoom = 1

  /** @param width of the photo, in its pixels, as `height` */
  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#x = width / 2
    this.#y = height / 2
  }

  /** 1 while all of the shorter side is in the square. */
  get zoom(): number {
    return this.#zoom
  }

  /** The largest {@link zoom}. */
  get mostZoom(): number {
    return Math.min(MOST_ZOOM, Math.max(1, this.#shorter / LEAST_PIXELS))
  }

  get square(): Square {
    const side = this.#shorter / this.#zoom
    return { left: this.#x - side / 2, top: this.#y - side / 2, side }
  }

  /** Moves the square, by shares of its side. */
  move(right: number, down: number): void {
    const { side } = this.square
    this.#x += right * side
    this.#y += down * side
    this.#stayInside()
  }

  /**
   * Sets the zoom, within its limits.
   *
   * @param atX where the photo stays in place: 0 is the left of the square, 1 the right; `atY` from its top
   */
  zoomTo(zoom: number, atX = 0.5, atY = 0.5): void {
    const before = this.square.side
    this.#zoom = Math.min(this.mostZoom, Math.max(1, zoom))
    const grown = before - this.square.side
    this.#x += grown * (atX - 0.5)
    this.#y += grown * (atY - 0.5)
    this.#stayInside()
  }

  get #shorter(): number {
    return Math.min(this.#width, this.#height)
  }

  #stayInside(): void {
    const half = this.square.side / 2
    this.#x = Math.min(this.#width - half, Math.max(half, this.#x))
    this.#y = Math.min(this.#height - half, Math.max(half, this.#y))
  }
}
