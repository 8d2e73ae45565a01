/** What `play` functions do: they find what people see, in any shadow root, and wait for it. */

/** How long to wait for something, in ms. */
const LIMIT = 5_000

/** How often to look, in ms. */
const INTERVAL = 50

/** The button of that name, as a screen reader names it. */
export function button(canvas: HTMLElement, name: string): HTMLElement | undefined {
  return elementsIn(canvas).find(
    (it) => it.localName === 'button' && (it.getAttribute('aria-label') ?? textOf(it)) === name,
  )
}

/** Clicks the button of that name, once it is there. */
export async function press(canvas: HTMLElement, name: string): Promise<void> {
  const found = await until(`the button "${name}"`, () => button(canvas, name))
  found.click()
}

/** The first element that a selector finds. */
export function find<T extends HTMLElement>(canvas: HTMLElement, selector: string): T | undefined {
  return elementsIn(canvas).find((it): it is T => it.matches(selector))
}

/** Waits until that text is shown. */
export async function shows(canvas: HTMLElement, text: string): Promise<void> {
  await until(`the text "${text}"`, () => elementsIn(canvas).find((it) => textOf(it) === text))
}

/**
 * Waits until there is something.
 *
 * @throws {Error} if it does not come
 */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const end = performance.now() + LIMIT
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`There is not ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, INTERVAL))
  }
}

/** Waits until the elements are drawn, with the next frame. */
export function drawn(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, 200))
}

/** What a drag or a clipboard has. */
export function transfer(...files: File[]): DataTransfer {
  const data = new DataTransfer()
  for (const file of files) data.items.add(file)
  return data
}

function elementsIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((it) =>
    it.shadowRoot ? [it, ...elementsIn(it.shadowRoot)] : [it],
  )
}

function textOf(element: Element): string {
  return (element.textContent ?? '').trim().replace(/\s+/g, ' ')
}
