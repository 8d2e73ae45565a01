import {
  type FileSnapshot,
  type InterruptedUpload,
  openChosen,
  TransferError,
  type Transport,
  type TransportFactory,
  UploadEngine,
  type UploadEngineOptions,
  UploadError,
} from '../src/engine/index.ts'

/**
 * What happens to a file of a story: it stops at a share of its bytes, is stored, moves at a speed in bytes
 * per second, gets a response of the bucket, fails, or is stored and then processed as far as a share.
 */
export type Outcome =
  | number
  | 'stored'
  | { speed: number }
  | { processed: number }
  | { status: number; body: string }
  | UploadError

/** A file of a story. It is empty unless it has `bytes`. */
export interface StoryFile {
  name: string
  type: string
  size: number
  /** A function says it for each attempt. */
  outcome: Outcome | (() => Outcome)
  bytes?: BlobPart
  /** What it waits for, without end, before anything is sent. A copy is made in Chromium alone. */
  before?: 'check' | 'copy'
  /** Lifetime of its link, in seconds. By default it never expires. */
  linkExpires?: number
}

/** An engine whose files reach the state of a story and stay there. It needs no network. */
export function stillEngine(files: StoryFile[], options: UploadEngineOptions = {}): UploadEngine {
  const outcomes = new Map(files.map((file) => [fileOf(file), file.outcome]))
  const engine: UploadEngine = new UploadEngine(
    {
      signer: signerFor(files),
      integrity: 'off',
      multipartThreshold: Number.POSITIVE_INFINITY,
      // These uploads never end, and nothing of them can be lost.
      leaveWarning: 'off',
      wakeLock: 'off',
      ...options,
    },
    { createTransport: stillTransport((id) => outcomeOf(engine.file(id))) },
  )
  const outcomeOf = (file: FileSnapshot | undefined) => {
    const outcome = (file && outcomes.get(file.file)) ?? 'stored'
    return typeof outcome === 'function' ? outcome() : outcome
  }
  const checked = files.filter(({ before }) => before === 'check').map(({ name }) => name)
  engine.addEventListener('files-added', ({ detail }) => {
    for (const file of detail.files) {
      if (checked.includes(file.name)) detail.waitUntil(new Promise(() => {}), file)
    }
  })
  engine.add(outcomes.keys())
  return engine
}

/** An engine that has found interrupted uploads of an earlier page. */
export function interruptedEngine(uploads: InterruptedUpload[]): UploadEngine {
  return Object.assign(stillEngine([]), { interrupted: async () => uploads })
}

/** A file with this `size`, whatever it contains. */
function fileOf({ name, type, size, bytes, before }: StoryFile): File {
  const file = new File(bytes === undefined ? [] : [bytes], name, { type })
  Object.defineProperty(file, 'size', { value: size })
  if (before !== 'copy') return file
  Object.defineProperty(file, 'stream', { value: () => new ReadableStream() })
  openChosen([file])
  return file
}

/** A renewed link is valid for an hour. The grant of a file that is processed is how far that is. */
function signerFor(files: StoryFile[]): UploadEngineOptions['signer'] {
  const lives = new Map(files.map(({ name, linkExpires }) => [name, linkExpires]))
  const shares = new Map(
    files.map(({ name, outcome }) => [
      name,
      typeof outcome === 'object' && 'processed' in outcome ? outcome.processed : undefined,
    ]),
  )
  return (requests) =>
    requests.map((request) => {
      const { id, op } = request
      const share = op === 'put' ? shares.get(request.file.name) : undefined
      if (share !== undefined) {
        const url = `https://bucket.example/stories/${id}`
        return { id, key: `stories/${id}`, url, grant: `${share}` }
      }
      if ((op === 'link' || op === 'status') && request.grant !== undefined) {
        return { id, grant: request.grant, processing: { progress: Number(request.grant) } }
      }
      const expires = op === 'put' ? lives.get(request.file.name) : 3600
      return {
        id,
        key: `stories/${id}`,
        url: `https://bucket.example/stories/${id}`,
        downloadUrl: `https://bucket.example/stories/${id}?signature=none`,
        ...(expires === undefined ? {} : { downloadExpiresAt: inSeconds(expires) }),
      }
    })
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}

function stillTransport(outcomeOf: (fileId: string) => Outcome): TransportFactory {
  return (): Transport => ({
    async put(unit, { presign, progress }) {
      const outcome = outcomeOf(unit.fileId)
      // A share of 0 is a file that still waits for its turn.
      if (outcome !== 0) await presign()
      if (outcome === 'stored' || (typeof outcome === 'object' && 'processed' in outcome)) return
      if (outcome instanceof UploadError) throw outcome
      if (typeof outcome === 'object' && 'status' in outcome) {
        throw new TransferError(outcome.status, outcome.body)
      }
      if (typeof outcome === 'object') return move(unit.body.size, outcome.speed, progress)
      if (outcome > 0) progress(Math.round(outcome * unit.body.size))
      await new Promise(() => {})
    },
  })
}

/** Reports progress at a steady speed, in bytes per second. */
async function move(
  size: number,
  speed: number,
  progress: (loaded: number) => void,
): Promise<void> {
  const start = performance.now()
  for (let loaded = 0; loaded < size; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    loaded = Math.min(size, (speed * (performance.now() - start)) / 1000)
    progress(Math.round(loaded))
  }
}
