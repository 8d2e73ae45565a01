import { expect } from 'chai'
import { Hasher } from '../../../src/engine/hash/hasher.ts'
import type { WorkerKind } from '../../../src/engine/hash/start-worker.ts'
import { base64ToHex } from '../../../src/util/hex.ts'
import { deleteFile, pickedFile, writeFile } from '../../support/pages/disk-files.ts'

/** The workers as they ship. Beside the source there are none. */
const BUILT = new URL('/dist/shared/', location.href)
const FORMAT = 2
const FOX = new Blob(['The quick brown fox jumps over the lazy dog'])
const FOX_MD5 = 'nhB9nTcrtoJr2B01QqQZ1g=='

const MB = 1_000_000

/** 100 MB. All MD5 of it here are by Node.js: `createHash('md5')`. */
const BIG = new Blob(Array(100).fill(pattern()))
const BIG_MD5 = 'oaegr6JA4ouvfCWPnKKFdQ=='

function pattern(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(MB).map((_, at) => at * 31 + (at >> 8))
}

function built(kind: WorkerKind, base = BUILT): URL {
  return new URL(`hash-${kind}.js`, base)
}

/** A worker that is nothing but this code. */
function workerOf(code: string): () => Worker {
  return () => new Worker(`data:text/javascript,${encodeURIComponent(code)}`)
}

/** What the code, which sees a fresh `Hasher`, returns in a frame with this policy; and its warnings. */
async function inFrame(
  policy: string,
  code: string,
): Promise<{ result: unknown; warnings: string[] }> {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}">
<script type="module">
  import { Hasher } from '/src/engine/hash/hasher.ts'
  const warnings = []
  console.warn = (text) => warnings.push(text)
  const result = await (async () => { ${code} })()
  parent.postMessage({ result, warnings }, '*')
</script>`
  const answer = new Promise<MessageEvent>((resolve) => {
    const listen = (event: MessageEvent) => {
      if (event.source !== frame.contentWindow) return
      removeEventListener('message', listen)
      resolve(event)
    }
    addEventListener('message', listen)
  })
  document.body.append(frame)
  const { data } = await answer
  frame.remove()
  return data
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('It did not fail.')
}

async function md5Of(hasher: Hasher, blob: Blob, signal?: AbortSignal) {
  return (await hasher.digest(blob, ['md5'], signal)).md5
}

describe('Hasher', () => {
  let started = 0
  let kinds: WorkerKind[] = []
  let hasher: Hasher
  const warn = console.warn

  beforeEach(() => {
    started = 0
    kinds = []
    hasher = new Hasher((Worker, kind) => {
      started += 1
      kinds.push(kind)
      return new Worker(built(kind), { type: 'module' })
    })
    console.warn = () => {}
  })
  afterEach(() => {
    hasher.close()
    console.warn = warn
  })

  it('computes MD5', async () => {
    expect(await md5Of(hasher, FOX)).to.equal(FOX_MD5)
    expect(await md5Of(hasher, new Blob([]))).to.equal('1B2M2Y8AsgTpgAmY7PhCfg==')
  })

  it('computes the MD5 of 100 MB', async () => {
    expect(await md5Of(hasher, BIG)).to.equal(BIG_MD5)
  })

  it('computes the MD5 of parts of a blob', async () => {
    const md5s = [
      [2_097_151, 'uJUoD/nr5wuX1Hu9vrr6tw=='],
      [2_097_152, 'qh0h91VRz4KNZgvVoU8hTg=='],
      [2_097_153, 'YX3kJuOC1KFRqvKWJwkLkw=='],
    ] as const
    for (const [size, md5] of md5s) {
      expect(await md5Of(hasher, BIG.slice(0, size)), `${size} bytes`).to.equal(md5)
    }
  })

  // By Python's hashlib and zlib, and by awscrt, which is what Amazon's own clients compute them with.
  const checksums = {
    crc32: 'QU+jOQ==',
    crc32c: 'ImIEBA==',
    crc64nvme: '12xUBUlUwUM=',
    sha1: 'L9ThxnotKPzthJ7hu3bnORuT6xI=',
    sha256: '16j7swfXgJRpypq8sAguT41WUeRtPNt2LQLQvzfJ5ZI=',
  }
  for (const [algorithm, value] of Object.entries(checksums)) {
    it(`computes ${algorithm}, alone and with the MD5 in one pass`, async () => {
      expect(await hasher.digest(FOX, [algorithm])).to.deep.equal({ [algorithm]: value })
      const both = { md5: FOX_MD5, [algorithm]: value }
      expect(await hasher.digest(FOX, ['md5', algorithm])).to.deep.equal(both)
      // The one before must have left nothing behind.
      expect(await hasher.digest(FOX, ['md5', algorithm])).to.deep.equal(both)
    })
  }

  it('starts another worker for checksums, and stays with it', async () => {
    await md5Of(hasher, FOX)
    await hasher.digest(FOX, ['crc32'])
    await md5Of(hasher, FOX)
    expect(kinds).to.deep.equal(['worker', 'more'])
  })

  it('leaves out what it does not know, and what it is asked for twice', async () => {
    const digests = await hasher.digest(FOX, ['sha512', 'toString', 'md5'])
    expect(digests).to.deep.equal({ md5: FOX_MD5 })
    expect(await hasher.digest(FOX, ['sha512'])).to.deep.equal({})
    expect(await hasher.digest(FOX, ['md5', 'md5'])).to.deep.equal(digests)
  })

  it('takes many at once, in one worker that starts with the first', async () => {
    expect(started).to.equal(0)
    const blobs = Array.from({ length: 50 }, (_, index) => new Blob([`${index % 5}`]))
    const md5s = await Promise.all(blobs.map((blob) => md5Of(hasher, blob)))
    expect(new Set(md5s).size).to.equal(5)
    expect(md5s[49]).to.equal(md5s[4])
    // Of "0".
    expect(base64ToHex(md5s[0] ?? '')).to.equal('cfcd208495d565ef66e7dff9f98764da')
    expect(started).to.equal(1)
  })

  const changes = {
    deleted: (name: string) => deleteFile(name),
    shortened: (name: string) => writeFile(name, 1000),
    lengthened: (name: string) => writeFile(name, 50 * MB),
  }
  for (const [what, size] of [
    ['small', MB],
    ['large', 40 * MB],
  ] as const) {
    for (const [how, change] of Object.entries(changes)) {
      it(`rejects for a ${what} file that was ${how}, and goes on with the next`, async function () {
        const isUnseen = what === 'large' && how === 'lengthened'
        // Firefox sees that a file has grown when it reads it as a whole, and takes its slices from what is there.
        if (isUnseen && navigator.userAgent.includes('Firefox')) this.skip()
        const name = `${what}-${how}.bin`
        const file = await pickedFile(name, size)
        await change(name)

        const [error, md5] = await Promise.all([failureOf(md5Of(hasher, file)), md5Of(hasher, FOX)])
        expect(error).to.be.instanceOf(DOMException)
        expect(error.name).to.equal('NotReadableError')
        expect(md5).to.equal(FOX_MD5)
      })
    }
  }

  it('hashes a group of blobs, and tells which of them cannot be read', async () => {
    const gone = await pickedFile('gone.bin', MB)
    await deleteFile('gone.bin')
    const results = await hasher.digestAll([FOX, gone, new Blob(['0']), FOX], ['md5', 'sha1'])
    const told = results.map((it) => (it.status === 'fulfilled' ? it.value : it.reason.name))
    const fox = { md5: FOX_MD5, sha1: checksums.sha1 }
    const zero = { md5: 'z80ghJXVZe9m59/5+Ydk2g==', sha1: 'tlifxqsNyCzxIJnRwtQKuZToQQw=' }
    expect(told).to.deep.equal([fox, 'NotReadableError', zero, fox])
    expect(await hasher.digestAll([], ['md5'])).to.deep.equal([])
    expect(await hasher.digestAll([FOX], [])).to.deep.equal([{ status: 'fulfilled', value: {} }])
  })

  it('stops by a signal, and goes on with the next', async () => {
    const [running, waiting] = [new AbortController(), new AbortController()]
    await md5Of(hasher, FOX)
    const first = failureOf(md5Of(hasher, new Blob(Array(20).fill(BIG)), running.signal))
    const second = failureOf(md5Of(hasher, BIG, waiting.signal))
    const third = md5Of(hasher, FOX)
    await new Promise((resolve) => setTimeout(resolve, 50))
    waiting.abort()
    expect((await second).name).to.equal('AbortError')
    running.abort(new Error('my reason'))
    expect((await first).message).to.equal('my reason')
    const msOf = async (work: Promise<unknown>) => {
      const before = performance.now()
      await work
      return performance.now() - before
    }
    const waited = await msOf(third)
    expect(await third).to.equal(FOX_MD5)
    // To go on with the first would take as long as nineteen of these, on any machine.
    expect(waited).to.be.below(10 * (await msOf(md5Of(hasher, BIG))))
    expect(started).to.equal(1)
  })

  it('does not begin with a signal that was aborted before', async () => {
    const error = await failureOf(md5Of(hasher, FOX, AbortSignal.abort()))
    expect(error.name).to.equal('AbortError')
    expect(started).to.equal(0)
  })

  it('leaves nobody waiting when it is closed, and can be used again', async () => {
    const loading = md5Of(hasher, FOX)
    hasher.close()
    expect(await loading).to.equal(undefined)
    await md5Of(hasher, FOX)
    const pending = [md5Of(hasher, BIG), md5Of(hasher, FOX)]
    await new Promise((resolve) => setTimeout(resolve, 20))
    hasher.close()
    expect(await Promise.all(pending)).to.deep.equal([undefined, undefined])
    expect(await md5Of(hasher, FOX)).to.equal(FOX_MD5)
  })

  it('starts a worker of another origin through one of its own', async () => {
    let tries = 0
    const relayed = new Hasher((Kind, kind) => {
      // What browsers do for the script of another origin; there is none here that may be imported.
      if (tries++ === 0) throw new DOMException('another origin', 'SecurityError')
      return new Kind(built(kind), { type: 'module' })
    })
    expect(await md5Of(relayed, FOX)).to.equal(FOX_MD5)
    relayed.close()
  })

  it('does without where the other origin lets nobody import it', async () => {
    const address = built('worker')
    address.hostname = '127.0.0.1'
    const foreign = new Hasher((Worker) => new Worker(address, { type: 'module' }))
    expect(await md5Of(foreign, FOX)).to.equal(undefined)
  })

  it('does without a worker file, and warns once', async () => {
    const { result, warnings } = await inFrame(
      '',
      `const hasher = new Hasher()
       return [await hasher.digest(new Blob(['a']), ['md5']), await hasher.digest(new Blob(['b']), ['sha256']),
         await new Hasher().digest(new Blob(['c']), ['md5'])]`,
    )
    expect(result).to.deep.equal([{}, {}, {}])
    expect(warnings).to.have.length(1)
    expect(warnings[0]).to.include('hash-worker.js')
  })

  it('does without where the page may have no workers', async () => {
    const { result, warnings } = await inFrame(
      `worker-src 'none'`,
      `const hasher = new Hasher((Worker, kind) => new Worker('${BUILT}hash-' + kind + '.js', { type: 'module' }))
       return hasher.digest(new Blob(['a']), ['md5'])`,
    )
    expect(result).to.deep.equal({})
    expect(warnings).to.have.length(1)
  })

  it('computes without WebAssembly where a relayed worker may have none', async () => {
    const { result, warnings } = await inFrame(
      // In a frame without an address of its own, 'self' is nobody to Firefox.
      `script-src ${location.origin} 'unsafe-inline' blob:`,
      // A worker of a Blob is under the policy of its page.
      `let tries = 0
       const kinds = []
       const hasher = new Hasher((Kind, kind) => {
         if (tries++ % 2 === 0) throw new DOMException('another origin', 'SecurityError')
         kinds.push(kind)
         return new Kind('${BUILT}hash-' + kind + '.js', { type: 'module' })
       })
       const blob = new Blob(['The quick brown fox jumps over the lazy dog'])
       return [await hasher.digest(blob, ['md5', 'sha256', 'crc32']), kinds]`,
    )
    expect(result).to.deep.equal([{ md5: FOX_MD5, sha256: checksums.sha256 }, ['more', 'plain']])
    expect(warnings).to.deep.equal([])
  })

  it('does without a worker of another version', async () => {
    const other = new Hasher(
      workerOf(`postMessage({ id: 0, format: ${FORMAT - 1} })
        onmessage = ({ data }) => postMessage({ id: data.id, results: [{ digests: { md5: 'x' } }] })`),
    )
    expect(await other.digest(FOX, ['md5'])).to.deep.equal({})
  })

  it('does without a worker that breaks down', async () => {
    const broken = new Hasher(
      workerOf(
        `postMessage({ id: 0, format: ${FORMAT} }); onmessage = () => { throw new Error('broken') }`,
      ),
    )
    expect(await Promise.all([md5Of(broken, FOX), md5Of(broken, FOX)])).to.deep.equal([
      undefined,
      undefined,
    ])
    expect(await md5Of(broken, FOX)).to.equal(undefined)
  })

  for (const [when, code] of [
    ['from the start', ''],
    ['later', `postMessage({ id: 0, format: ${FORMAT} })`],
  ] as const) {
    it(`does not wait for ever for a worker that is silent ${when}`, async () => {
      const { setTimeout } = window
      Object.assign(window, {
        setTimeout: (run: () => void, ms: number) => setTimeout(run, ms / 100),
      })
      try {
        const silent = new Hasher(workerOf(code))
        expect(await Promise.all([md5Of(silent, FOX), md5Of(silent, FOX)])).to.deep.equal([
          undefined,
          undefined,
        ])
      } finally {
        Object.assign(window, { setTimeout })
      }
    })
  }
})
