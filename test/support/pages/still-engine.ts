import type { Transport, TransportFactory, UploadEngineOptions } from '../../../src/engine/index.ts'
import { UploadEngine } from './library.ts'

/** A unit on its way, to be moved by hand. */
export interface HeldUnit {
  progress(loaded: number): void
  finish(): void
  fail(error: unknown): void
}

/** An engine without a network. */
export interface StillEngine {
  engine: InstanceType<typeof UploadEngine>
  /** What is on its way, by the file's name. A file whose name is in `stored` gets there at once. */
  held: Map<string, HeldUnit>
}

/**
 * An engine that sends nothing: what a transport tells is told by hand.
 *
 * @param isStored whether a file arrives at once; the others are held
 */
export function stillEngine(
  isStored: (name: string) => boolean = () => true,
  options: UploadEngineOptions = {},
): StillEngine {
  const held = new Map<string, HeldUnit>()
  const createTransport: TransportFactory = (): Transport => ({
    async put({ body }, { presign, progress, signal }) {
      await presign()
      const { name = '' } = body as File
      if (isStored(name)) return
      await new Promise<void>((finish, fail) => {
        held.set(name, { progress, finish, fail })
        signal.addEventListener('abort', () => fail(signal.reason), { once: true })
      })
    },
  })
  const engine = new UploadEngine(
    {
      signer: (requests) =>
        requests.map(({ id }) => ({
          ...{ id, key: `k/${id}`, url: `https://bucket.example/k/${id}` },
          ...{ downloadUrl: `https://bucket.example/k/${id}?signature=1`, grant: `grant of ${id}` },
        })),
      integrity: 'off',
      multipartThreshold: Number.POSITIVE_INFINITY,
      ...options,
    },
    { createTransport },
  )
  return { engine, held }
}
