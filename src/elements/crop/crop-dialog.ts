import { html, render } from 'lit'
import type { Localize } from '../../i18n/localize.ts'
import type { CropArea } from './crop-area.ts'
import { cropStyles } from './crop-dialog.styles.ts'

/** How far an arrow key moves the square, as a share of its side. */
const STEP = 0.05
/** By how much a key, or one step of the wheel, enlarges. */
const FACTOR = 1.1

/** The element that asks. */
export interface CropHost {
  readonly root: ShadowRoot
  readonly localize: Localize
  /** Whether a round picture comes of it. */
  readonly isRound: boolean
}

interface Point {
  x: number
  y: number
}

/** Moves by key: to the right and down. */
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

/**
 * The dialog in which people choose a square of a photo: they drag the photo, pinch it, turn the wheel, click
 * on what is to be in the middle, use the keys, or move the slider.
 */
export class CropDialog {
  readonly #host: CropHost
  readonly #photo: ImageBitmap
  readonly #area: CropArea
  /** Holds the dialog, in the shadow root of the field. */
  readonly #place = document.createElement('div')
  /** Fingers and buttons that are down, by their id; each where it was last. */
  readonly #pointers = new Map<number, Point>()
  #hasMoved = false

  constructor(host: CropHost, photo: ImageBitmap, area: CropArea) {
    this.#host = host
    this.#photo = photo
    this.#area = area
  }

  /** Opens it. Resolves when people have chosen, with true, or have given up. */
  async ask(): Promise<boolean> {
    const { root } = this.#host
    const { styleSheet } = cropStyles
    if (styleSheet && !root.adoptedStyleSheets.includes(styleSheet)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet]
    }
    root.append(this.#place)
    this.#render()
    const dialog = this.#dialog
    const closed = new Promise((resolve) => dialog.addEventListener('close', resolve))
    dialog.showModal()
    this.#draw()
    await closed
    this.#place.remove()
    return dialog.returnValue === 'use'
  }

  get #dialog(): HTMLDialogElement {
    return this.#place.querySelector('dialog') as HTMLDialogElement
  }

  #render(): void {
    const { localize, isRound } = this.#host
    const { zoom, mostZoom } = this.#area
    render(
      html`<dialog
        class=${isRound ? 'crop round' : 'crop'}
        part="crop-dialog"
        aria-labelledby="crop-title"
      >
        <div class="crop-title" id="crop-title">${localize.text('cropPhoto')}</div>
        <div
          class="crop-stage"
          role="application"
          tabindex="0"
          autofocus
          aria-labelledby="crop-title"
          aria-describedby="crop-how"
          @keydown=${this.#key}
          @wheel=${this.#wheel}
          @pointerdown=${this.#down}
          @pointermove=${this.#move}
          @pointerup=${this.#up}
          @pointercancel=${this.#up}
        >
          <canvas></canvas>
        </div>
        <div class="crop-how" id="crop-how">${localize.text('cropHow')}</div>
        <label class="crop-zoom">
          ${localize.text('zoom')}
          <input
            type="range"
            min="1"
            max=${mostZoom}
            step="any"
            .value=${String(zoom)}
            ?disabled=${mostZoom === 1}
            aria-valuetext=${`${zoom.toLocaleString(localize.language, { maximumFractionDigits: 1 })}×`}
            @input=${this.#slide}
          />
        </label>
        <div class="crop-actions">
          <button type="button" @click=${() => this.#dialog.close()}>
            ${localize.text('cancel')}
          </button>
          <button type="button" class="browse" @click=${() => this.#dialog.close('use')}>
            ${localize.text('usePhoto')}
          </button>
        </div>
      </dialog>`,
      this.#place,
    )
  }

  #changed(): void {
    this.#render()
    this.#draw()
  }

  #draw(): void {
    const canvas = this.#dialog.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    canvas.width = canvas.height = Math.round(canvas.clientWidth * devicePixelRatio)
    const { left, top, side } = this.#area.square
    context.imageSmoothingQuality = 'high'
    context.drawImage(this.#photo, left, top, side, side, 0, 0, canvas.width, canvas.height)
  }

  #slide = ({ target }: Event): void => {
    this.#area.zoomTo(Number((target as HTMLInputElement).value))
    this.#changed()
  }

  #key = (event: KeyboardEvent): void => {
    const way = KEYS[event.key]
    if (way) this.#area.move(...way)
    else if (event.key === '+' || event.key === '=') this.#area.zoomTo(this.#area.zoom * FACTOR)
    else if (event.key === '-') this.#area.zoomTo(this.#area.zoom / FACTOR)
    else return
    event.preventDefault()
    this.#changed()
  }

  #wheel = (event: WheelEvent): void => {
    event.preventDefault()
    const { x, y } = shareOf(event)
    this.#area.zoomTo(this.#area.zoom * (event.deltaY < 0 ? FACTOR : 1 / FACTOR), x, y)
    this.#changed()
  }

  #down = (event: PointerEvent): void => {
    if (event.button !== 0) return
    const stage = event.currentTarget as HTMLElement
    stage.setPointerCapture(event.pointerId)
    if (this.#pointers.size === 0) this.#hasMoved = false
    this.#pointers.set(event.pointerId, shareOf(event))
  }

  #move = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId)
    if (!before) return
    const now = shareOf(event)
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1]
    if (other) {
      const grown = distance(now, other) / (distance(before, other) || 1)
      this.#area.zoomTo(this.#area.zoom * grown, (now.x + other.x) / 2, (now.y + other.y) / 2)
    }
    // Of two fingers each moves the photo by half of its way.
    const part = other ? 0.5 : 1
    this.#area.move((before.x - now.x) * part, (before.y - now.y) * part)
    this.#hasMoved ||= distance(before, now) > 0
    this.#pointers.set(event.pointerId, now)
    this.#changed()
  }

  #up = (event: PointerEvent): void => {
    if (!this.#pointers.delete(event.pointerId)) return
    if (this.#hasMoved || event.type !== 'pointerup') return
    // For those who cannot drag: what they click on goes to the middle.
    const { x, y } = shareOf(event)
    this.#area.move(x - 0.5, y - 0.5)
    this.#changed()
  }
}

/** Where a pointer is: 0 is the left or top of the photo on the screen, 1 its right or bottom. */
function shareOf({ clientX, clientY, currentTarget }: MouseEvent): Point {
  const { left, top, width, height } = (currentTarget as HTMLElement).getBoundingClientRect()
  return { x: (clientX - left) / width, y: (clientY - top) / height }
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}
