import { expect } from 'chai'
import type {
  UploadEngine as Engine,
  Transport,
  UploadEngineOptions,
} from '../../../src/engine/index.ts'
import { next, randomFile, until } from '../../support/pages/helpers.ts'
import { addresses, UploadEngine } from '../../support/pages/library.ts'

const MIB = 2 ** 20
const SMALL = MIB
/** In six parts. */
const LARGE = 27 * MIB

/** Whether the browser would ask before the page is left. */
function isAsked(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

/** Sends so much of a unit and then stands still; with `done`, the first part is stored. */
function standingStill(share: number, done: boolean): Transport {
  return {
    async put({ body, partNumber }, { presign, progress, signal }) {
      await presign()
      progress(Math.floor(body.size * share))
      if (done && partNumber === 1) return
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
  }
}

/** Waits until what has changed is told: with the next frame. */
async function told(): Promise<void> {
  for (let frames = 0; frames < 3; frames++) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
}

interface State {
  size?: number
  options?: UploadEngineOptions
  /** How much of a unit is sent before it stands still. */
  share?: number
  /** What happens once it stands still. */
  after?: (engine: Engine) => unknown
  status: string
  asks: boolean
}

const resumeOff: UploadEngineOptions = { resume: false }
const offline = (engine: Engine) => {
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: false })
  // The requests break.
  engine.pause()
  engine.resume()
}

const states: Record<string, State> = {
  'is not sent, since it waits for the start': {
    options: { manual: true },
    status: 'queued',
    asks: false,
  },
  'is sent in one piece': { status: 'uploading', asks: true },
  'is sent in one piece, and the answer is not there': {
    share: 1,
    status: 'finalizing',
    asks: true,
  },
  'is sent in one piece, but the page wants no question': {
    options: { leaveWarning: 'off' },
    status: 'uploading',
    asks: false,
  },
  'is sent in one piece, and is paused: nothing of it is kept': {
    after: (engine) => engine.pause(),
    status: 'paused',
    asks: false,
  },
  'is sent in one piece, and is cancelled': {
    after: (engine) => engine.cancel(),
    status: 'cancelled',
    asks: false,
  },
  'is sent in one piece, because the signer knows no parts': {
    size: LARGE,
    options: { multipartThreshold: LARGE },
    status: 'uploading',
    asks: true,
  },
  'is sent in parts': { size: LARGE, status: 'uploading', asks: false },
  'is sent in parts, and all are on their way': {
    size: LARGE,
    share: 1,
    status: 'finalizing',
    asks: false,
  },
  'is sent in parts, and is paused': {
    size: LARGE,
    after: (engine) => engine.pause(),
    status: 'paused',
    asks: false,
  },
  'is sent in parts, and is offline': {
    size: LARGE,
    after: offline,
    status: 'uploading',
    asks: false,
  },
  'is sent in parts that cannot be resumed': {
    size: LARGE,
    options: resumeOff,
    status: 'uploading',
    asks: true,
  },
  'is sent in parts that cannot be resumed, and is paused': {
    size: LARGE,
    options: resumeOff,
    after: (engine) => engine.pause(),
    status: 'paused',
    asks: true,
  },
  'is sent in parts that cannot be resumed, and is offline': {
    size: LARGE,
    options: resumeOff,
    after: offline,
    status: 'uploading',
    asks: true,
  },
  'is sent in parts that cannot be resumed, and is cancelled': {
    size: LARGE,
    options: resumeOff,
    after: (engine) => engine.cancel(),
    status: 'cancelled',
    asks: false,
  },
}

describe('the browser asks before the page is left', () => {
  const engines: Engine[] = []
  const start = (options: UploadEngineOptions, transport?: Transport) => {
    const engine = new UploadEngine(options, transport && { createTransport: () => transport })
    engines.push(engine)
    return engine
  }

  afterEach(async () => {
    Reflect.deleteProperty(navigator, 'onLine')
    for (const engine of engines.splice(0)) engine.clear()
    await told()
    expect(isAsked()).to.equal(false)
  })

  for (const [what, { size = SMALL, options, share = 0.5, after, status, asks }] of Object.entries(
    states,
  )) {
    it(`${asks ? '' : 'not '}while a file ${what}`, async () => {
      const engine = start(
        { signer: addresses.smallParts, ...options },
        standingStill(share, share < 1),
      )
      const [id = ''] = engine.add([randomFile(`${crypto.randomUUID()}.bin`, size)])
      const inParts = size === LARGE && !options?.multipartThreshold
      // One part is stored, and the others stand still.
      const least = inParts ? 15 * MIB : share * size
      if (!options?.manual) {
        await until(() => {
          const file = engine.file(id)
          return file?.status === 'finalizing' || (file && 'loaded' in file && file.loaded >= least)
        })
      }
      after?.(engine)
      await told()
      expect(engine.file(id)?.status).to.equal(status)
      expect(isAsked()).to.equal(asks)
    })
  }

  it('not without files, nor after all are uploaded, or have failed', async () => {
    expect(isAsked()).to.equal(false)
    for (const signer of [addresses.signers.ceph, addresses.strict]) {
      const engine = start({ signer })
      const complete = next(engine, 'upload-complete')
      engine.add([randomFile('a.bin', SMALL)])
      await complete
      await told()
      expect(isAsked()).to.equal(false)
    }
  })

  it('not while a file waits for a sign-in, and nothing of it was sent', async () => {
    const engine = start({ signer: addresses.locked })
    engine.addEventListener('sign-in-needed', (event) => event.preventDefault())
    engine.add([randomFile('a.bin', SMALL)])
    await until(() => engine.counts.waiting === 1)
    await told()
    expect(isAsked()).to.equal(false)
  })

  it('while parts are sent that this browser cannot note', async () => {
    const own = Object.getOwnPropertyDescriptor(window, 'indexedDB')
    Object.defineProperty(window, 'indexedDB', { configurable: true, value: undefined })
    try {
      const engine = start({ signer: addresses.smallParts }, standingStill(0.5, true))
      engine.add([randomFile('a.bin', LARGE)])
      await until(() => engine.progress.loaded > MIB)
      await told()
      expect(isAsked()).to.equal(true)
    } finally {
      if (own) Object.defineProperty(window, 'indexedDB', own)
      else Reflect.deleteProperty(window, 'indexedDB')
    }
  })

  it('and listens only while that is needed', async () => {
    const { addEventListener } = window
    let listeners = 0
    const count = (type: string) => {
      if (type === 'beforeunload') listeners++
    }
    window.addEventListener = function (this: Window, ...given: [string, EventListener]) {
      count(given[0])
      addEventListener.apply(window, given)
    } as typeof window.addEventListener
    try {
      const engine = start({ signer: addresses.smallParts }, standingStill(0.5, true))
      engine.add([randomFile('parts.bin', LARGE)])
      await until(() => engine.progress.loaded > MIB)
      await told()
      expect(listeners).to.equal(0)
      engine.add([randomFile('whole.bin', SMALL)])
      await until(isAsked)
      expect(listeners).to.equal(1)
    } finally {
      window.addEventListener = addEventListener
    }
  })

  it('of an element by default, and not with leave-warning="off"', async () => {
    for (const value of [undefined, 'off']) {
      const element = document.createElement('bucket-upload')
      if (value) element.setAttribute('leave-warning', value)
      document.body.append(element)
      await element.updateComplete
      expect(element.engine.options.leaveWarning).to.equal(value)
      element.remove()
    }
  })
})
