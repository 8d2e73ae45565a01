import {
  type InterruptedUpload,
  TransferError,
  type Transport,
  type TransportFactory,
  UploadEngine,
  type UploadEngineOptions,
} from '../src/engine/index.ts'

/** How far a file of a story gets: a share of its bytes, all the way, or an answer of the bucket. */
export type Outcome = number | 'stored' | { status: number; body: string }

/** A file of a story. Its bytes are zeros: nobody reads them. */
export interface StoryFile {
  name: string
  type: string
  size: number
  outcome: Outcome
}

/** An engine whose files get as far as a story says, and stay there. It needs no network. */
export function stillEngine(files: StoryFile[], options: UploadEngineOptions = {}): UploadEngine {
  const outcomes = files.map((file) => file.outcome)
  const engine = new UploadEngine(
    {
      signer: signByHand,
      integrity: 'off',
      multipartThreshold: Number.POSITIVE_INFINITY,
      ...options,
    },
    { createTransport: stillTransport(outcomes) },
  )
  engine.add(files.map(({ name, type, size }) => ({ file: hollowFile(name, type, size) })))
  return engine
}

/** An engine that has found what an earlier page has left behind. */
export function interruptedEngine(uploads: InterruptedUpload[]): UploadEngine {
  return Object.assign(stillEngine([]), { interrupted: async () => uploads })
}

/** A file that says it is large, without being so. */
function hollowFile(name: string, type: string, size: number): File {
  return Object.defineProperty(new File([], name, { type }), 'size', { value: size })
}

const signByHand: UploadEngineOptions['signer'] = (requests) =>
  requests.map(({ id }) => ({
    id,
    key: `stories/${id}`,
    url: `https://bucket.example/stories/${id}`,
    downloadUrl: `https://bucket.example/stories/${id}?signature=none`,
  }))

function stillTransport(outcomes: Outcome[]): TransportFactory {
  const byUnit = new Map<string, Outcome>()
  return (): Transport => ({
    async put(unit, { presign, progress }) {
      const outcome = byUnit.get(unit.id) ?? outcomes.shift() ?? 'stored'
      byUnit.set(unit.id, outcome)
      // A share of 0 is a file whose turn has not come.
      if (outcome !== 0) await presign()
      if (outcome === 'stored') return
      if (typeof outcome === 'object') throw new TransferError(outcome.status, outcome.body)
      if (outcome > 0) progress(Math.round(outcome * unit.body.size))
      await new Promise(() => {})
    },
  })
}
