import { expect } from 'chai'
import type { Transport } from '../../../src/engine/index.ts'
import { next, randomFile, until } from '../../support/pages/helpers.ts'
import { addresses, UploadEngine } from '../../support/pages/library.ts'

/** Locks as a browser gives them. Which engines have a screen to keep on, where tests run, differs. */
class Locks {
  readonly all: { released: boolean; release(): Promise<void> }[] = []
  isRefused = false

  async request() {
    if (this.isRefused) throw new DOMException('The battery is low.', 'NotAllowedError')
    const lock = {
      released: false,
      async release() {
        lock.released = true
      },
    }
    this.all.push(lock)
    return lock
  }

  get held(): number {
    return this.all.filter(({ released }) => !released).length
  }
}

describe('the screen stays on', () => {
  let locks: Locks
  let letGo: () => void
  let transport: Transport

  beforeEach(() => {
    locks = new Locks()
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: locks })
    const opened = new Promise<void>((resolve) => {
      letGo = resolve
    })
    transport = {
      async put({ body }, { presign, progress, signal }) {
        const { url, headers } = await presign()
        progress(body.size / 2)
        await Promise.race([
          opened,
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        ])
        await fetch(url, { method: 'PUT', body, headers: headers ?? {} })
      },
    }
  })

  afterEach(() => Reflect.deleteProperty(navigator, 'wakeLock'))

  const engineWith = (options = {}) =>
    new UploadEngine(
      { signer: addresses.signers.ceph, ...options },
      { createTransport: () => transport },
    )

  it('while bytes are sent, and not after', async () => {
    const engine = engineWith()
    const complete = next(engine, 'upload-complete')
    engine.add([randomFile('a.bin', 2 ** 20)])
    await until(() => locks.held === 1)
    letGo()
    await complete
    await until(() => locks.held === 0)
    expect(locks.all).to.have.length(1)
  })

  it('not while all is paused', async () => {
    const engine = engineWith()
    engine.add([randomFile('a.bin', 2 ** 20)])
    await until(() => locks.held === 1)
    engine.pause()
    await until(() => locks.held === 0)
    engine.resume()
    await until(() => locks.held === 1)
    engine.clear()
    await until(() => locks.held === 0)
  })

  it('again when the page is visible again', async () => {
    const engine = engineWith()
    engine.add([randomFile('a.bin', 2 ** 20)])
    await until(() => locks.held === 1)
    // As the browser does when the page is hidden.
    for (const lock of locks.all) lock.released = true
    document.dispatchEvent(new Event('visibilitychange'))
    await until(() => locks.held === 1)
    engine.clear()
    await until(() => locks.held === 0)
    document.dispatchEvent(new Event('visibilitychange'))
    await new Promise((resolve) => requestAnimationFrame(resolve))
    expect(locks.held).to.equal(0)
  })

  it('not where the page does not want it, and an upload does not depend on it', async () => {
    for (const [options, isRefused] of [
      [{ wakeLock: 'off' }, false],
      [{}, true],
    ] as const) {
      locks.isRefused = isRefused
      const engine = engineWith(options)
      const complete = next(engine, 'upload-complete')
      engine.add([randomFile('a.bin', 2 ** 20)])
      await until(() => engine.progress.loaded > 0)
      await new Promise((resolve) => requestAnimationFrame(resolve))
      expect(locks.all).to.have.length(0)
      letGo()
      expect((await complete).uploaded).to.have.length(1)
    }
  })
})
