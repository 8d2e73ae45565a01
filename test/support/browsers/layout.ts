import type { Page } from 'puppeteer-core'
import { clashesNow } from './clashes.ts'

/** A way in which somebody looks at a page. */
interface Look {
  name: string
  /** In CSS px. */
  width: number
  /** What this person's browser adds to the page. */
  css?: string
  features?: { name: string; value: string }[]
}

/** The least target that WCAG 2.2 asks for, in CSS px (2.5.8). */
const TARGET = 24

/** The success criteria of WCAG 2.2 that are about how a page is looked at. */
const LOOKS: Look[] = [
  { name: '1.4.10 Reflow', width: 320 },
  { name: '1.4.4 Resize text', width: 640, css: ':root { font-size: 200% }' },
  {
    name: '1.4.12 Text spacing',
    width: 320,
    css: `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-bottom: 2em !important }`,
  },
  {
    name: 'forced colors',
    width: 720,
    features: [{ name: 'forced-colors', value: 'active' }],
  },
]

/** Looks at a page in all these ways; what is wrong with it then, one line each. */
export async function layoutProblems(page: Page): Promise<string[]> {
  const session = await page.createCDPSession()
  const problems: string[] = []
  for (const { name, width, css, features = [] } of LOOKS) {
    await page.setViewport({ width, height: 600 })
    await session.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-reduced-motion', value: 'reduce' }, ...features],
    })
    const style = css === undefined ? undefined : await page.addStyleTag({ content: css })
    // One frame to lay it out, and one for what an element does about it.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    )
    const found = await page.evaluate(problemsNow, TARGET)
    found.push(...(await page.evaluate(clashesNow)))
    problems.push(...found.map((problem) => `${name}: ${problem}`))
    await style?.evaluate((element) => (element as Element).remove())
  }
  await session.detach()
  return problems
}

/** Runs in the page. */
function problemsNow(target: number): string[] {
  const all = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap((it) => [
      it,
      ...(it.shadowRoot ? all(it.shadowRoot) : []),
    ])
  const ours = [...document.querySelectorAll('*')]
    .filter((it) => it.localName.startsWith('bucket-upload'))
    .flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])])
  const nameOf = (it: Element) =>
    `${it.localName}.${it.getAttribute('class') ?? ''} "${(it.getAttribute('aria-label') ?? it.textContent).trim().slice(0, 40)}"`
  const problems: string[] = []
  if ((document.scrollingElement?.scrollWidth ?? 0) > innerWidth) {
    const wide = ours.filter((it) => it.getBoundingClientRect().right > innerWidth + 1).slice(0, 2)
    problems.push(
      `the page scrolls sideways, for ${wide.map(nameOf).join(', ') || 'something else'}`,
    )
  }
  for (const it of ours) {
    if (!it.matches('button, a[href], input, select, summary, [role=button]')) continue
    const { width, height } = it.getBoundingClientRect()
    const isSeen = it.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    if (!isSeen || width <= 1 || getComputedStyle(it).clipPath !== 'none') continue
    if (Math.min(width, height) < target - 0.5) {
      problems.push(`${nameOf(it)} has ${Math.round(width)} × ${Math.round(height)} px`)
    }
  }
  const moving = document.getAnimations().filter(({ playState }) => playState === 'running')
  if (moving.length > 0) problems.push(`${moving.length} animations run where motion is not wanted`)
  return problems
}
