/**
 * Runs in a page: the buttons and words of our elements that reach out of the window, are cut off, or
 * lie over each other, one line each.
 */
export function clashesNow(): string[] {
  const all = (root: ParentNode): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((it) => [
      it,
      ...(it.shadowRoot ? all(it.shadowRoot) : []),
    ])
  const hasWords = (it: HTMLElement) =>
    it.matches('button, a[href]') ||
    [...it.childNodes].some((node) => node instanceof Text && node.data.trim() !== '')
  const ours = [...document.querySelectorAll('*')]
    .filter((it) => it.localName.startsWith('bucket-upload'))
    .flatMap((it) => (it.shadowRoot ? all(it.shadowRoot) : []))
  // A long name has an ellipsis, and a tooltip: what counts is the box around it.
  const boxes = ours.map((it) => it.closest<HTMLElement>('.name') ?? it)
  const shown = [...new Set(boxes)]
    .filter(
      (it) =>
        hasWords(it) || (it.matches('.name') && !it.parentElement?.closest('button, a[href]')),
    )
    .filter((it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    // What covers others does so on purpose.
    .filter((it) => !it.closest('style, .visually-hidden, .folded, .drop-cover, .page-drop'))
    .map((it) => ({ it, box: it.getBoundingClientRect(), clip: clipOf(it) }))
    .filter(({ it, box }) => box.width > 1 && getComputedStyle(it).clipPath === 'none')
  const nameOf = (it: HTMLElement) =>
    `${it.className || it.localName} "${(it.ariaLabel ?? it.textContent ?? '').trim().slice(0, 40)}"`
  const found: string[] = []
  for (const { it, box, clip } of shown) {
    const isOut = box.left < clip.left - 0.5 || box.right > clip.right + 0.5
    if (isOut) found.push(`${nameOf(it)} is cut off by what is around it`)
    const isCut = it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0
    if (isCut && !it.matches('.name')) found.push(`${nameOf(it)} is cut off`)
  }
  // What cures an error is as large as a finger, and reaches over the line beside it.
  const solid = shown.filter(({ it }) => !it.matches('.cure, .change'))
  for (const [index, { it, box }] of solid.entries()) {
    for (const other of solid.slice(index + 1)) {
      if (it.contains(other.it) || other.it.contains(it)) continue
      // A dialog covers what is below it.
      if (it.closest('dialog') !== other.it.closest('dialog')) continue
      const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
      const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
      if (width > 1 && height > 1) found.push(`${nameOf(it)} and ${nameOf(other.it)} clash`)
    }
  }
  return found

  /** The sides of what cuts an element off: the window, or a box around it. */
  function clipOf(element: HTMLElement): { left: number; right: number } {
    const clip = { left: 0, right: innerWidth }
    let at: Element | null = element
    while (at) {
      const parent: Element | null =
        at.assignedSlot ??
        at.parentElement ??
        (at.getRootNode() instanceof ShadowRoot ? (at.getRootNode() as ShadowRoot).host : null)
      if (parent && getComputedStyle(parent).overflowX !== 'visible') {
        const { left, right } = parent.getBoundingClientRect()
        clip.left = Math.max(clip.left, left)
        clip.right = Math.min(clip.right, right)
      }
      at = parent
    }
    return clip
  }
}
