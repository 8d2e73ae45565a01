import { expect } from 'chai'
import {
  fingerprintOf,
  type ResumeEntry,
  ResumeStore,
} from '../../../src/engine/resume/resume-store.ts'
import { lockUpload } from '../../../src/engine/resume/upload-locks.ts'
import { needsFileSystem } from '../../support/pages/helpers.ts'

const HOUR = 3_600_000

function entry(changes: Partial<ResumeEntry> = {}): ResumeEntry {
  return {
    fingerprint: 'f1',
    key: 'uploads/film.mp4',
    grant: 'grant',
    partSize: 8,
    size: 20,
    name: 'film.mp4',
    type: 'video/mp4',
    path: 'holiday/film.mp4',
    lastModified: 1_700_000_000_000,
    expiresAt: Date.now() + HOUR,
    parts: [],
    meta: { album: 'summer' },
    ...changes,
  }
}

const part = (partNumber: number, etag = `"e${partNumber}"`) => ({ partNumber, etag })

function request<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Everything that is in the database, as text. */
async function storedText(): Promise<string> {
  const database = await request(indexedDB.open('bucket-upload'))
  const names = [...database.objectStoreNames]
  const stores = names.map((name) => database.transaction(name).objectStore(name))
  const all = await Promise.all(stores.map((store) => request(store.getAll())))
  database.close()
  return JSON.stringify(all)
}

/** Puts something else in a property's place while the work is done. */
async function replaced(
  target: object,
  name: string,
  descriptor: PropertyDescriptor,
  work: () => Promise<void>,
): Promise<void> {
  const own = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { configurable: true, ...descriptor })
  try {
    await work()
  } finally {
    if (own) Object.defineProperty(target, name, own)
    else Reflect.deleteProperty(target, name)
  }
}

/** All that a store can be asked, of a database that does not work. */
async function expectNothing(): Promise<void> {
  const store = new ResumeStore()
  await store.put(entry())
  await store.addPart('f1', part(1))
  expect(await store.get('f1')).to.equal(undefined)
  expect(await store.all()).to.deep.equal([])
  await store.delete('f1')
}

describe('ResumeStore', () => {
  let store: ResumeStore

  beforeEach(async () => {
    await request(indexedDB.deleteDatabase('bucket-upload'))
    store = new ResumeStore()
  })

  it('remembers an upload for the next page', async () => {
    const upload = entry({ parts: [part(1), part(2)] })
    await store.put(upload)
    expect(await new ResumeStore().get('f1')).to.deep.equal(upload)
    expect(await store.get('f2')).to.equal(undefined)
  })

  it('notes parts as they come, in any order and at once', async () => {
    await store.put(entry({ parts: [part(7)] }))
    await Promise.all([10, 2, 9_999, 1].map((number) => store.addPart('f1', part(number))))
    await store.addPart('f1', part(2, '"new"'))
    const found = await store.get('f1')
    expect(found?.parts).to.deep.equal([part(1), part(2, '"new"'), part(7), part(10), part(9_999)])
  })

  it('notes no parts of an upload that it does not know', async () => {
    await store.addPart('f1', part(1))
    await store.put(entry())
    expect((await store.get('f1'))?.parts).to.deep.equal([])
  })

  it('replaces the upload of the same fingerprint, with its parts', async () => {
    await store.put(entry({ parts: [part(1), part(2)] }))
    await store.put(entry({ key: 'other', parts: [part(3)] }))
    expect(await store.get('f1')).to.include({ key: 'other' })
    expect((await store.get('f1'))?.parts).to.deep.equal([part(3)])
  })

  it('forgets an upload, and only that', async () => {
    await store.put(entry({ parts: [part(1)] }))
    await store.put(entry({ fingerprint: 'f10', parts: [part(1)] }))
    await store.delete('f1')
    expect((await store.all()).map((it) => it.fingerprint)).to.deep.equal(['f10'])
    expect((await store.get('f10'))?.parts).to.deep.equal([part(1)])
    expect(await storedText()).not.to.include('"f1"')
  })

  it('lists all uploads with their own parts', async () => {
    const uploads = ['a', 'b', 'c'].map((fingerprint, index) =>
      entry({ fingerprint, parts: [part(index + 1)] }),
    )
    for (const upload of uploads) await store.put(upload)
    expect(await store.all()).to.deep.equal(uploads)
  })

  it('deletes what has expired', async () => {
    const expiresAt = Date.now() - 1
    await store.put(entry({ fingerprint: 'old', expiresAt, parts: [part(1)] }))
    await store.put(entry({ fingerprint: 'older', expiresAt, parts: [part(1)] }))
    await store.put(entry())
    expect(await store.get('old')).to.equal(undefined)
    expect(await storedText()).not.to.include('"old"')
    expect(await store.all()).to.have.length(1)
    expect(await storedText()).not.to.include('older')
  })

  it('stores no presigned URL, whatever is in the object', async () => {
    const url = 'https://bucket.example/film.mp4?X-Amz-Signature=secret'
    await store.put({ ...entry(), url, parts: [{ ...part(1), url }] } as never)
    await store.addPart('f1', { ...part(2), url } as never)
    const text = await storedText()
    expect(text).to.include('film.mp4')
    expect(text).not.to.include('X-Amz')
  })

  it('keeps the handle of a file', async function () {
    needsFileSystem(this)
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle('film.mp4', { create: true })
    await store.put(entry({ handle }))
    const found = await store.get('f1')
    expect(await found?.handle?.isSameEntry(handle)).to.equal(true)
  })

  it('keeps up with a thousand parts', async () => {
    await store.put(entry())
    const numbers = Array.from({ length: 1000 }, (_, index) => index + 1)
    await Promise.all(numbers.map((number) => store.addPart('f1', part(number))))
    expect((await store.get('f1'))?.parts).to.have.length(1000)
  })

  it('goes on after the database was deleted', async () => {
    await store.put(entry())
    await request(indexedDB.deleteDatabase('bucket-upload'))
    expect(await store.get('f1')).to.equal(undefined)
    await store.put(entry())
    expect(await store.get('f1')).not.to.equal(undefined)
  })

  it('stores all of an upload or nothing', async () => {
    await store.put(entry({ parts: [part(1)] }))
    await store.put(entry({ key: 'other', parts: [part(2), part(Number.NaN)] }))
    const found = await store.get('f1')
    expect(found?.key).to.equal('uploads/film.mp4')
    expect(found?.parts).to.deep.equal([part(1)])
  })

  it('does nothing where a value cannot be stored', async () => {
    await store.put(entry({ handle: (() => {}) as never }))
    expect(await store.all()).to.deep.equal([])
  })

  it('does nothing where there is no database', async () => {
    await replaced(window, 'indexedDB', { value: undefined }, expectNothing)
  })

  it('does nothing where the page may not have one', async () => {
    const get = () => {
      throw new DOMException('forbidden', 'SecurityError')
    }
    await replaced(window, 'indexedDB', { get }, expectNothing)
  })

  it('does nothing where the database cannot be opened', async () => {
    // A version newer than the one asked for.
    const newer = await request(indexedDB.open('bucket-upload', 1000))
    await expectNothing()
    newer.close()
  })

  it('does nothing where the database has no room', async () => {
    const value = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    await replaced(IDBObjectStore.prototype, 'put', { value }, expectNothing)
  })

  /** Timers of ten seconds and more do not take that long. */
  const inLessTime = (work: () => Promise<void>) => {
    const { setTimeout } = window
    const sooner = (run: () => void, ms: number) => setTimeout(run, ms >= 10_000 ? ms / 50 : ms)
    return replaced(window, 'setTimeout', { value: sooner, writable: true }, work)
  }

  it('does not wait for ever for a database that is silent', async () => {
    const value = { open: () => ({}) }
    await replaced(window, 'indexedDB', { value }, () => inLessTime(expectNothing))
  })

  it('stores what was to be stored while the database was silent', async () => {
    const { open } = IDBFactory.prototype
    const answers = Promise.withResolvers<void>()
    /** Opens it, but tells nobody until then. */
    const value = function (this: IDBFactory, ...given: Parameters<typeof open>) {
      const opened = open.apply(this, given)
      const set = (tell: () => void) => {
        opened.addEventListener('success', () => void answers.promise.then(tell))
      }
      return Object.defineProperty(opened, 'onsuccess', { set })
    }
    await replaced(IDBFactory.prototype, 'open', { value }, () =>
      inLessTime(async () => {
        expect(await store.put(entry())).to.equal(false)
        await store.put(entry({ fingerprint: 'f2' }))
        await store.delete('f1')
        await store.put(entry({ fingerprint: 'f3', parts: [part(1)] }))
        expect(await store.get('f3')).to.equal(undefined)
      }),
    )
    answers.resolve()
    for (;;) {
      const stored = await storedText()
      if (stored.includes('f3')) break
    }
    expect((await store.all()).map((it) => it.fingerprint)).to.deep.equal(['f2', 'f3'])
    expect((await store.get('f3'))?.parts).to.deep.equal([part(1)])
  })
})

describe('fingerprintOf', () => {
  const file = { name: 'a.txt', size: 1, type: 'text/plain', path: 'x/a.txt' }

  it('is the same for the same file, and another one for any difference', async () => {
    const others = await Promise.all([
      fingerprintOf('other', file, 5),
      fingerprintOf('scope', file, 6),
      fingerprintOf('scope', { ...file, name: 'b.txt' }, 5),
      fingerprintOf('scope', { ...file, size: 2 }, 5),
      fingerprintOf('scope', { ...file, type: '' }, 5),
      fingerprintOf('scope', { ...file, path: 'a.txt' }, 5),
      // Made from a file of the same size, it has other bytes.
      fingerprintOf('scope', { ...file, originalSize: file.size }, 5),
    ])
    const fingerprint = await fingerprintOf('scope', file, 5)
    expect(fingerprint).to.match(/^[0-9a-f]{64}$/)
    expect(await fingerprintOf('scope', { ...file }, 5)).to.equal(fingerprint)
    expect(new Set([fingerprint, ...others]).size).to.equal(8)
  })

  it('takes a File, whose fields are not its own', async () => {
    const real = Object.assign(new File(['x'], 'a.txt', { type: 'text/plain' }), {
      path: 'x/a.txt',
    })
    expect(await fingerprintOf('scope', real, 5)).to.equal(await fingerprintOf('scope', file, 5))
  })
})

describe('lockUpload', () => {
  /** As soon as it is to be had: the browser lets go of a lock a moment later. */
  async function lockSoon(fingerprint: string): Promise<() => void> {
    for (;;) {
      const release = await lockUpload(fingerprint)
      if (release) return release
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  it('gives an upload to one at a time', async () => {
    const release = await lockUpload('f1')
    expect(release).to.be.a('function')
    expect(await lockUpload('f1')).to.equal(undefined)
    const other = await lockUpload('f2')
    expect(other).to.be.a('function')
    release?.()
    const again = await lockSoon('f1')
    again()
    other?.()
  })

  it('lets go when the other page goes', async () => {
    const frame = document.createElement('iframe')
    frame.srcdoc = `<script type="module">
      import { lockUpload } from '/src/engine/resume/upload-locks.ts'
      parent.postMessage({ locked: Boolean(await lockUpload('f3')) }, '*')
    </script>`
    const answer = new Promise<MessageEvent>((resolve) => {
      addEventListener('message', (event) => event.data?.locked !== undefined && resolve(event))
    })
    document.body.append(frame)
    expect((await answer).data.locked).to.equal(true)
    expect(await lockUpload('f3')).to.equal(undefined)
    frame.remove()
    const release = await lockSoon('f3')
    release()
  })

  it('lets everybody have it where the browser has no locks', async () => {
    await replaced(navigator, 'locks', { value: undefined }, async () => {
      expect(await lockUpload('f1')).to.be.a('function')
      expect(await lockUpload('f1')).to.be.a('function')
    })
  })

  it('lets everybody have it where the page may not lock', async () => {
    const request = () => Promise.reject(new DOMException('forbidden', 'SecurityError'))
    await replaced(navigator, 'locks', { value: { request } }, async () => {
      expect(await lockUpload('f1')).to.be.a('function')
    })
  })
})
