import type { UploadEventDetails, UploadEventMap } from '../../../src/engine/index.ts'
import type { BucketUpload } from '../../../src/index.ts'

/** Puts an element into the page, with properties set. All are taken out again by {@link cleanUp}. */
export function mount(properties: Partial<BucketUpload> = {}): BucketUpload {
  const element = document.createElement('bucket-upload')
  Object.assign(element, properties)
  document.body.append(element)
  return element
}

export function cleanUp(): void {
  for (const element of document.querySelectorAll('bucket-upload')) {
    element.clear()
    element.remove()
  }
}

/** Resolves with the next event's detail. */
export function next<Name extends keyof UploadEventMap>(
  target: EventTarget,
  name: Name,
): Promise<UploadEventDetails[Name]> {
  return new Promise((resolve) => {
    target.addEventListener(name, (event) => resolve((event as CustomEvent).detail), { once: true })
  })
}

/** Collects the details of all events of a name. */
export function collect<Name extends keyof UploadEventMap>(
  target: EventTarget,
  name: Name,
): UploadEventDetails[Name][] {
  const details: UploadEventDetails[Name][] = []
  target.addEventListener(name, (event) => details.push((event as CustomEvent).detail))
  return details
}

/** Adds files, and waits until nothing is left to do. */
export async function upload(element: BucketUpload, ...files: File[]) {
  const complete = next(element, 'upload-complete')
  element.add(files)
  return complete
}

/** Waits until the condition holds; the test's own time-out ends a wait in vain. */
export async function until(condition: () => unknown): Promise<void> {
  while (!condition()) await new Promise((resolve) => requestAnimationFrame(resolve))
}

/** Waits until what was changed is drawn. */
export async function drawn(element: Pick<BucketUpload, 'updateComplete'>): Promise<void> {
  for (let frames = 0; frames < 3; frames++) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  await element.updateComplete
}

/** All elements that match, in the shadow root and in those of the elements in it. */
export function findAll<E extends Element = HTMLElement>(element: Element, selector: string): E[] {
  const inside = [...(element.shadowRoot?.querySelectorAll('*') ?? [])]
  return inside.flatMap((it) => [
    ...(it.matches(selector) ? [it as E] : []),
    ...findAll<E>(it, selector),
  ])
}

/** The first element that matches, however deep it is. */
export function find<E extends Element = HTMLElement>(element: Element, selector: string): E {
  const [found] = findAll<E>(element, selector)
  if (!found) throw new Error(`There is no ${selector}.`)
  return found
}

/** A control by its accessible name, or what it shows. */
export function control(element: Element, name: string): HTMLElement {
  const found = findAll(element, 'button, a').find(
    (it) => (it.getAttribute('aria-label') ?? it.textContent?.trim()) === name,
  )
  if (!found) throw new Error(`There is no control "${name}".`)
  return found
}

const MIB = 2 ** 20
/** MiB. */
const POOL_SIZE = 34
/** `getRandomValues` takes no more at once. Bytes. */
const MOST_RANDOM = 65_536
let pool: Blob[] | undefined

/** Blobs of 1 MiB of random bytes each. */
function randomPool(): Blob[] {
  pool ??= Array.from({ length: POOL_SIZE }, () => {
    const bytes = new Uint8Array(MIB)
    for (let at = 0; at < MIB; at += MOST_RANDOM) {
      crypto.getRandomValues(bytes.subarray(at, at + MOST_RANDOM))
    }
    return new Blob([bytes])
  })
  return pool
}

/**
 * A file of up to 34 MiB of random bytes, so that no two are equal. It is made of whole blobs: Chromium
 * copies what is cut from one, keeps the copy until the garbage collector comes by, and cannot read any new
 * blob once all that it keeps takes about 500 MB.
 */
export function randomFile(name: string, size: number, type = 'application/octet-stream'): File {
  const head = crypto.getRandomValues(new Uint8Array(Math.min(size, 16)))
  const left = size - head.length
  const blobs = randomPool()
  const first = Math.floor(Math.random() * POOL_SIZE)
  const turned = [...blobs.slice(first), ...blobs.slice(0, first)]
  const whole = turned.slice(0, Math.floor(left / MIB))
  const rest = turned.at(-1)?.slice(0, left % MIB) ?? ''
  return new File([head, ...whole, rest], name, { type })
}

/** Whether pages have a file system of their own, and with it handles of files: WebKitGTK has none. */
export const hasFileSystem = 'storage' in navigator

/** Skips a test that is about such handles, where there are none. */
export function needsFileSystem(test: Mocha.Context): void {
  if (!hasFileSystem) test.skip()
}

export async function sha256(data: Blob | Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await data.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Fires the events of a drop on the zone, as a browser does. */
export function drop(element: BucketUpload, files: File[]): boolean {
  const dataTransfer = new DataTransfer()
  for (const file of files) dataTransfer.items.add(file)
  const zone = find(element, '.zone')
  const init = { dataTransfer, bubbles: true, composed: true, cancelable: true }
  zone.dispatchEvent(new DragEvent('dragenter', init))
  zone.dispatchEvent(new DragEvent('dragover', init))
  return !zone.dispatchEvent(new DragEvent('drop', init))
}

/** A short time, for what has to be asked again and again. */
export const moment = () => new Promise((resolve) => setTimeout(resolve, 10))

/** Waits until nobody works on an upload any more, so that another page may go on with it. */
export async function untilReleased(): Promise<void> {
  const isAtWork = ({ name = '' }: LockInfo) => /^bucket-upload:[0-9a-f]+$/.test(name)
  while ((await navigator.locks.query()).held?.some(isAtWork)) await moment()
}
