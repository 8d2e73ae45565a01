import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { traceFrames } from '../../test/support/browsers/frame-trace.ts'
import type { Bench } from '../page/index.ts'
import type { ListKind } from '../page/long-list.ts'
import { median, type Scenario, show } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const KINDS: Record<ListKind, string> = {
  list: 'rows',
  grid: 'tiles',
  photos: 'tiles, photos of 12 megapixels',
  moving: 'rows, while files go up',
}
/** How far it is scrolled, in px, and how fast, in px a second: as by a hand that is in a hurry. */
const DISTANCE = 24_000
const SPEED = 6_000

/** What one run of a list shows; times in ms. */
interface ListRun {
  painted: number
  frame: number
  task: number
  computed: number
  rate: number
  nodes: number
}

/** What a list of ten thousand files costs, by Chromium's trace. */
export const list: Scenario = {
  name: 'list',
  title: 'A list of 10,000 files',
  about:
    'Chromium’s trace of `<bucket-upload-list>`: from when `add` returns until the first frame with rows, and then, while the list is scrolled by 6,000 px a second, the longest time between two frames on the screen, the longest task of the main thread, and how much the one that computed longest did. Nodes are elements in the list.',
  async measure(stage, runs) {
    const kinds = Object.keys(KINDS) as ListKind[]
    const found = new Map<ListKind, ListRun[]>(kinds.map((kind) => [kind, []]))
    for (let turn = 0; turn < runs; turn++) {
      for (const kind of kinds) found.get(kind)?.push(await measureOnce(stage, kind))
    }
    const middle = (kind: ListKind, key: keyof ListRun) =>
      median((found.get(kind) ?? []).map((each) => each[key]))
    const worst = (key: keyof ListRun) => Math.max(...kinds.map((kind) => middle(kind, key)))
    const [painted, frame, nodes] = [worst('painted'), worst('frame'), worst('nodes')]
    return {
      head: [
        'what',
        'first paint',
        'longest frame',
        'longest task',
        'computed',
        'frames/s',
        'nodes',
      ],
      rows: kinds.map((kind) => [
        KINDS[kind],
        ...(['painted', 'frame', 'task', 'computed'] as const).map((key) =>
          show(middle(kind, key)),
        ),
        ...(['rate', 'nodes'] as const).map((key) => show(middle(kind, key), 0)),
      ]),
      goals: [
        { text: `first paint under 200 ms: ${show(painted)} ms`, met: painted < 200 },
        { text: `no frame over 50 ms while scrolling: ${show(frame)} ms`, met: frame <= 50 },
        { text: `under 300 nodes: ${nodes}`, met: nodes < 300 },
      ],
    }
  },
}

async function measureOnce(stage: Stage, kind: ListKind): Promise<ListRun> {
  const page = await stage.openPage()
  await page.evaluate(
    (which) => (window as unknown as { bench: Bench }).bench.prepareList(which),
    kind,
  )
  let nodes = 0
  const trace = await traceFrames(page, async () => {
    await page.evaluate(() => (window as unknown as { bench: Bench }).bench.addFiles())
    const { x, y } = await ready(page)
    // The photos in view first: what is measured is scrolling.
    await wait(1_000)
    const session = await page.createCDPSession()
    await page.evaluate(() => void performance.mark('scroll'))
    await session.send('Input.synthesizeScrollGesture', {
      ...{ x, y, yDistance: -DISTANCE, speed: SPEED },
      gestureSourceType: 'mouse',
    })
    await page.evaluate(() => void performance.mark('scrolled'))
    nodes = (await now(page)).nodes
  })
  const { longest, count } = trace.frames('scroll', 'scrolled')
  const { took, computed } = trace.longestTask('scroll', 'scrolled')
  const run = {
    ...{ painted: trace.painted('added', 'drawn'), frame: longest, task: took, computed },
    ...{ rate: count / (DISTANCE / SPEED), nodes },
  }
  console.log(
    `  ${KINDS[kind]}: first paint ${show(run.painted)} ms, longest frame ${show(longest)} ms`,
  )
  return run
}

function now(page: Page): Promise<ReturnType<Bench['listNow']>> {
  return page.evaluate(() => (window as unknown as { bench: Bench }).bench.listNow())
}

/** Waits until the rows have places of their own. */
async function ready(page: Page): Promise<ReturnType<Bench['listNow']>> {
  for (;;) {
    const list = await now(page)
    if (list.isReady) return list
    await wait(20)
  }
}
