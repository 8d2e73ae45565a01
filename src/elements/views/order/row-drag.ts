/** How far a pointer goes until it drags, in px: a press may tremble. */
const SLOP = 4
/** Near an edge the list or the page scrolls: so many px, and so many px a frame at most. */
const EDGE = 48
const FASTEST = 16

/** What a drag needs to know of its list. */
export interface DragContext {
  isTiled: () => boolean
  /** Called with the ids of the dragged file and of the one whose place it gets. */
  dropped: (id: string, target: string) => void
}

interface Point {
  x: number
  y: number
}

interface Drag {
  id: string
  handle: HTMLElement
  pointer: number
  list: HTMLElement
  /** Where it began, and where the pointer is, in the window. */
  from: Point
  at: Point
  /** Where it began, in the content of the list. */
  origin: Point
  /** Id of the file whose place the dragged one gets. */
  target: string
  isMoving: boolean
}

/** Drags a row to another place. The rows between make room; nothing else changes until it is dropped. */
export class RowDrag {
  /** Whether a drag has just ended, whose click is none. */
  wasJustDragged = false
  readonly #context: DragContext
  #drag: Drag | undefined

  constructor(context: DragContext) {
    this.#context = context
  }

  get isActive(): boolean {
    return this.#drag?.isMoving === true
  }

  /** Call when a pointer goes down on the handle of a row. */
  start(event: PointerEvent, id: string): void {
    const handle = event.currentTarget as HTMLElement
    const list = handle.closest<HTMLElement>('.list')
    this.wasJustDragged = false
    if (!list || !event.isPrimary || event.button !== 0) return
    this.cancel()
    const { pointerId: pointer } = event
    const at = { x: event.clientX, y: event.clientY }
    const origin = inList(list, at)
    this.#drag = { id, handle, pointer, list, from: at, at, origin, target: id, isMoving: false }
    handle.setPointerCapture(pointer)
    handle.addEventListener('pointermove', this.#move)
    handle.addEventListener('pointerup', this.#end)
    handle.addEventListener('pointercancel', this.#end)
    handle.addEventListener('keydown', this.#key)
  }

  /** Puts the dragged row back. */
  cancel(): void {
    const drag = this.#drag
    if (!drag) return
    this.#drag = undefined
    const { handle, list, pointer } = drag
    if (handle.hasPointerCapture(pointer)) handle.releasePointerCapture(pointer)
    handle.removeEventListener('pointermove', this.#move)
    handle.removeEventListener('pointerup', this.#end)
    handle.removeEventListener('pointercancel', this.#end)
    handle.removeEventListener('keydown', this.#key)
    list.removeAttribute('data-dragging')
    for (const row of rowsOf(list)) {
      row.style.translate = ''
      row.removeAttribute('data-dragged')
    }
  }

  #move = (event: PointerEvent): void => {
    const drag = this.#drag
    if (!drag || event.pointerId !== drag.pointer) return
    drag.at = { x: event.clientX, y: event.clientY }
    const { from, at } = drag
    if (!drag.isMoving) {
      if (Math.hypot(at.x - from.x, at.y - from.y) < SLOP) return
      drag.isMoving = true
      // A long list keeps the row with the focus, wherever it scrolls.
      drag.handle.focus({ preventScroll: true })
      drag.list.setAttribute('data-dragging', '')
      requestAnimationFrame(this.#scroll)
    }
    this.#place(drag)
  }

  #end = ({ type, pointerId }: PointerEvent): void => {
    const drag = this.#drag
    if (!drag || pointerId !== drag.pointer) return
    const { id, target, isMoving } = drag
    this.cancel()
    this.wasJustDragged = isMoving
    if (type === 'pointerup' && isMoving && target !== id) this.#context.dropped(id, target)
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.isActive) return
    // It would close a dialog around, too.
    event.preventDefault()
    event.stopPropagation()
    this.cancel()
    this.wasJustDragged = true
  }

  /** Puts the row under the pointer, and the rows between where they would be then. */
  #place(drag: Drag): void {
    const { list, id, origin } = drag
    const rows = rowsOf(list)
    const from = rows.findIndex((row) => row.dataset.id === id)
    const dragged = rows[from]
    if (!dragged) {
      this.cancel()
      return
    }
    const isTiled = this.#context.isTiled()
    const at = inList(list, drag.at)
    const to = nearest(rows, at, isTiled)
    drag.target = rows[to]?.dataset.id ?? id
    dragged.setAttribute('data-dragged', '')
    const height = from < to ? -dragged.offsetHeight : dragged.offsetHeight
    for (const [index, row] of rows.entries()) {
      if (index === from) {
        row.style.translate = `${isTiled ? at.x - origin.x : 0}px ${at.y - origin.y}px`
      } else if (index < Math.min(from, to) || index > Math.max(from, to)) {
        row.style.translate = ''
      } else if (isTiled) {
        const place = rows[from < to ? index - 1 : index + 1] ?? row
        const [x, y] = [place.offsetLeft - row.offsetLeft, place.offsetTop - row.offsetTop]
        row.style.translate = `${x}px ${y}px`
      } else row.style.translate = `0 ${height}px`
    }
  }

  /** Scrolls what scrolls, while the pointer is near its edge. */
  #scroll = (): void => {
    const drag = this.#drag
    if (!drag) return
    const { list, at } = drag
    const own = list.classList.contains('long') ? list : undefined
    const box = own?.getBoundingClientRect()
    const top = Math.max(0, box?.top ?? 0)
    const bottom = Math.min(innerHeight, box?.bottom ?? innerHeight)
    const speed = pull(at.y - top) - pull(bottom - at.y)
    if (speed !== 0) {
      if (own) own.scrollTop -= speed
      else scrollBy({ top: -speed, behavior: 'instant' })
    }
    // Also where rows are drawn anew while nothing moves.
    this.#place(drag)
    requestAnimationFrame(this.#scroll)
  }
}

/** How fast to scroll at this distance from an edge, in px a frame. */
function pull(distance: number): number {
  return Math.round((Math.min(EDGE, Math.max(0, EDGE - distance)) / EDGE) * FASTEST)
}

function rowsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[data-id]')]
}

/** A point of the window, as one of the content of the list. */
function inList(list: HTMLElement, { x, y }: Point): Point {
  const { left, top } = list.getBoundingClientRect()
  return {
    x: x - left - list.clientLeft + list.scrollLeft,
    y: y - top - list.clientTop + list.scrollTop,
  }
}

/** Index of the row whose place is nearest. Rows that make room count where they were. */
function nearest(rows: HTMLElement[], { x, y }: Point, isTiled: boolean): number {
  const distances = rows.map((row) => {
    const down = y - row.offsetTop - row.offsetHeight / 2
    return isTiled ? Math.hypot(x - row.offsetLeft - row.offsetWidth / 2, down) : Math.abs(down)
  })
  return distances.indexOf(Math.min(...distances))
}
