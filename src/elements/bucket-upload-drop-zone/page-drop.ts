import { claimDrag, hasFiles } from './drag.ts'

/** A drop zone that takes files dropped or pasted elsewhere on the page. */
export interface PageDropTarget {
  /** Whether it takes files at the moment. */
  readonly isOpen: boolean
  /** Whether it takes files that are dropped anywhere on the page. */
  readonly takesDrops: boolean
  /** Whether it takes files that are pasted anywhere; otherwise only while the focus is in `places`. */
  readonly takesPastes: boolean
  /** The zone, and the element that it belongs to. */
  readonly places: readonly EventTarget[]
  /** Called when a drag that it would take enters or leaves the page. */
  hover(isOver: boolean): void
  /** Takes what was dropped or pasted. */
  take(data: DataTransfer, isPasted: boolean): void
}

/** How long after the last `dragover` a drag still counts, in ms. Firefox fires one every 350 ms. */
const DRAG_TIMEOUT = 1_000
/** The same after the pointer has left the page. Not 0: old versions of WebKit report that too often. */
const LEAVE_TIMEOUT = 100

const TEXT_FIELDS =
  'textarea, input:not([type=button], [type=checkbox], [type=color], [type=file], [type=image], [type=radio], [type=range], [type=reset], [type=submit])'

const TYPES = ['dragenter', 'dragover', 'drop', 'paste'] as const

const targets = new Set<PageDropTarget>()
let hovered: PageDropTarget | undefined
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Routes files that are dropped or pasted elsewhere on the page to a drop zone. While there is a zone,
 * the browser also does not leave the page for a file that is dropped where nothing takes it.
 */
export function addPageTarget(target: PageDropTarget): void {
  targets.add(target)
  if (targets.size > 1) return
  for (const type of TYPES) addEventListener(type, beLast, true)
  addEventListener('dragleave', leave)
}

/** Undoes {@link addPageTarget}. Without a zone the page has no listeners of ours. */
export function removePageTarget(target: PageDropTarget): void {
  if (!targets.delete(target)) return
  if (hovered === target) hover(undefined)
  if (targets.size > 0) return
  for (const type of TYPES) {
    removeEventListener(type, beLast, true)
    removeEventListener(type, handle)
  }
  removeEventListener('dragleave', leave)
}

/** Moves our listener to the end: other code of the page goes first, even if it was added later. */
function beLast({ type }: Event): void {
  removeEventListener(type, handle)
  addEventListener(type, handle)
}

function handle(event: Event): void {
  if (event.type === 'paste') paste(event as ClipboardEvent)
  else drag(event as DragEvent)
}

function drag(event: DragEvent): void {
  const { dataTransfer, type } = event
  const target = find((it) => it.takesDrops)
  if (isHandled(event) || !claimDrag(event, target !== undefined)) {
    hover(undefined)
    return
  }
  hover(type === 'drop' ? undefined : target)
  if (type === 'drop' && dataTransfer) target?.take(dataTransfer, false)
}

/** Whether something else takes the files. A file input takes a drop without any listener. */
function isHandled(event: Event): boolean {
  const [target] = event.composedPath()
  const isInput = target instanceof Element && target.matches('input[type=file]:enabled')
  return event.defaultPrevented || isInput
}

function paste(event: ClipboardEvent): void {
  const { clipboardData, defaultPrevented } = event
  if (defaultPrevented || !hasFiles(clipboardData)) return
  const path = event.composedPath()
  const [element] = path
  const isText =
    element instanceof HTMLElement && (element.isContentEditable || element.matches(TEXT_FIELDS))
  if (isText) return
  const target =
    find(({ places }) => places.some((it) => path.includes(it))) ?? find((it) => it.takesPastes)
  if (!target) return
  event.preventDefault()
  target.take(clipboardData, true)
}

/** The first open target that suits. */
function find(suits: (target: PageDropTarget) => boolean): PageDropTarget | undefined {
  return [...targets].find((it) => it.isOpen && suits(it))
}

function hover(target: PageDropTarget | undefined, timeout = DRAG_TIMEOUT): void {
  clearTimeout(timer)
  if (target !== hovered) {
    hovered?.hover(false)
    hovered = target
    target?.hover(true)
  }
  if (target) timer = setTimeout(() => hover(undefined), timeout)
}

function leave({ relatedTarget }: DragEvent): void {
  if (!relatedTarget) hover(hovered, LEAVE_TIMEOUT)
}
