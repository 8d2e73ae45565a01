import type { ReactiveController } from 'lit'
import type { EngineElement } from '../../base/engine-element.ts'
import { lazyPart } from '../../lazy/lazy-part.ts'
import { kindOf } from '../../parts/file-kind.ts'
import type { Thumbnails } from '../../parts/pictures/thumbnails.ts'

/** Sizes of the thumbnails, in CSS px. */
const SIZES = { list: [48, 48], grid: [192, 120], gallery: [160, 160] } as const

/** The thumbnails of a list. Their code is loaded with the first image or film. */
export class RowPictures implements ReactiveController {
  readonly #host: EngineElement & { layout: keyof typeof SIZES }
  readonly #load: () => Thumbnails | undefined
  #thumbnails: Thumbnails | undefined

  constructor(host: EngineElement & { layout: keyof typeof SIZES }) {
    this.#host = host
    // If the code cannot be loaded, the icons stay.
    this.#load = lazyPart(host, async () => {
      const { Thumbnails } = await import('../../parts/pictures/thumbnails.ts')
      return new Thumbnails({
        file: (id) => host.engine?.file(id)?.file,
        isFilm: (file) => kindOf(file) === 'video',
        size: () => {
          const sharpness = Math.min(2, devicePixelRatio)
          const [width, height] = SIZES[host.layout] ?? SIZES.list
          return [width * sharpness, height * sharpness]
        },
        changed: () => host.requestUpdate(),
      })
    })
    host.addController(this)
  }

  /** The thumbnail of a file, if it is ready. */
  of(id: string): HTMLCanvasElement | undefined {
    return this.#thumbnails?.of(id)
  }

  /** Whether it is known that a file has no thumbnail: the browser cannot decode it. */
  hasNone(id: string): boolean {
    return this.#thumbnails?.hasNone(id) ?? false
  }

  /** Discards all thumbnails, for another size. */
  reset(): void {
    this.#thumbnails?.clear()
  }

  hostUpdated(): void {
    const { engine, renderRoot } = this.#host
    const visual = [...renderRoot.querySelectorAll<HTMLElement>('[data-id]')].filter((row) => {
      const file = engine?.file(row.dataset.id ?? '')
      return file && isVisual(file)
    })
    if (visual.length > 0) this.#thumbnails = this.#load()
    this.#thumbnails?.watch(visual)
  }

  hostDisconnected(): void {
    this.#thumbnails?.watch([])
  }
}

function isVisual(file: { name: string; type: string }): boolean {
  const kind = kindOf(file)
  return kind === 'image' || kind === 'video'
}
