/** What a drop zone tells of itself, for files that come to the page and not to the zone. */
export interface PageIntake {
  /** Whether it takes files at the moment. */
  readonly isOpen: boolean
  /** Whether files that are dropped anywhere are for it. */
  readonly takesDrops: boolean
  /** Whether files that are pasted anywhere are for it; otherwise while the focus is in one of `places`. */
  readonly takesPastes: boolean
  /** The zone itself, and what it belongs to. */
  readonly places: readonly EventTarget[]
  /** Whether files that are for it are over the page. */
  hover(isOver: boolean): void
  take(data: DataTransfer, isPasted: boolean): void
}

/** How long after the last `dragover` a drag counts as over, in ms. Firefox fires one every 350 ms. */
const OVER = 1_000
/** The same once the pointer has left the page; not at once, as old versions of WebKit say so too often. */
const LEFT = 100

const TEXT_FIELDS =
  'textarea, input:not([type=button], [type=checkbox], [type=color], [type=file], [type=image], [type=radio], [type=range], [type=reset], [type=submit])'

const members = new Set<PageIntake>()
let hovered: PageIntake | undefined
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Brings files to a zone that come to the page beside it. While there is a zone, the browser also does
 * not leave the page for a file that is dropped where nothing takes it.
 */
export function joinPage(member: PageIntake): void {
  members.add(member)
  if (members.size > 1) return
  for (const type of TYPES) addEventListener(type, beLast, true)
  addEventListener('dragleave', leave)
}

/** Undoes {@link joinPage}; with the last zone the page is as it was. */
export function leavePage(member: PageIntake): void {
  if (!members.delete(member)) return
  if (hovered === member) hover(undefined)
  if (members.size > 0) return
  for (const type of TYPES) {
    removeEventListener(type, beLast, true)
    removeEventListener(type, handle)
  }
  removeEventListener('dragleave', leave)
}

const TYPES = ['dragenter', 'dragover', 'drop', 'paste'] as const

/** Whatever else in the page wants the files goes first, also a listener that was added after ours. */
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
  if (!dataTransfer?.types.includes('Files') || isTaken(event)) {
    hover(undefined)
    return
  }
  event.preventDefault()
  const member = find((it) => it.takesDrops)
  dataTransfer.dropEffect = member ? 'copy' : 'none'
  hover(type === 'drop' ? undefined : member)
  if (type === 'drop') member?.take(dataTransfer, false)
}

/** Whether something else has it. A file input needs no listener to take a drop. */
function isTaken(event: Event): boolean {
  const [target] = event.composedPath()
  const isInput = target instanceof Element && target.matches('input[type=file]:enabled')
  return event.defaultPrevented || isInput
}

function paste(event: ClipboardEvent): void {
  const { clipboardData, defaultPrevented } = event
  if (defaultPrevented || !clipboardData?.types.includes('Files')) return
  const path = event.composedPath()
  const [target] = path
  const isText =
    target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELDS))
  if (isText) return
  const member =
    find(({ places }) => places.some((it) => path.includes(it))) ?? find((it) => it.takesPastes)
  if (!member) return
  event.preventDefault()
  member.take(clipboardData, true)
}

/** Of several, the one that came first. */
function find(suits: (member: PageIntake) => boolean): PageIntake | undefined {
  return [...members].find((it) => it.isOpen && suits(it))
}

function hover(member: PageIntake | undefined, milliseconds = OVER): void {
  clearTimeout(timer)
  if (member !== hovered) {
    hovered?.hover(false)
    hovered = member
    member?.hover(true)
  }
  if (member) timer = setTimeout(() => hover(undefined), milliseconds)
}

function leave({ relatedTarget }: DragEvent): void {
  if (!relatedTarget) hover(hovered, LEFT)
}
