import { LaneChoice } from './lane-choice.ts'
import { putByXhr } from './put-by-xhr.ts'
import type { PresignedPut, TransferOptions, Transport, TransportSettings } from './transport.ts'
import type { TransferUnit } from './unit.ts'

/** One way to send a part. */
interface Way {
  url: string
  credentials: boolean
}

/**
 * Spreads the parts of large files over the lanes that the signer names. A browser has one connection to a
 * host that speaks HTTP/2, but others for another name of it, and for requests with credentials.
 *
 * A part that a lane does not store goes by the first one at once, as if there were no lanes: whether an
 * upload fails never depends on them.
 *
 * @see https://fetch.spec.whatwg.org/#connections for "credentials" as a part of a connection's key
 */
export class LaneTransport implements Transport {
  readonly #first: Transport
  readonly #settings: TransportSettings
  readonly #choice = new LaneChoice()

  /** @param first sends the parts of the first lane */
  constructor(first: Transport, settings: TransportSettings) {
    this.#first = first
    this.#settings = settings
  }

  async put(unit: TransferUnit, options: TransferOptions): Promise<void> {
    const presigned = await options.presign()
    const ways = waysOf(presigned)
    const run = this.#choice.take(ways.map(nameOf), unit.body.size)
    const way = ways[run.index]
    const progress = (loaded: number) => {
      run.progress(loaded)
      options.progress(loaded)
    }
    try {
      if (run.index === 0 || !way) {
        await this.#first.put(unit, { ...options, progress, presign: once(presigned, options) })
      } else {
        const { headers = {} } = presigned
        const { stallTimeout } = this.#settings
        const { signal } = options
        await putByXhr({ ...way, headers, body: unit.body, stallTimeout, progress, signal })
      }
      run.stored()
    } catch (error) {
      if (run.index > 0 && !options.signal.aborted) return this.#again(unit, options, run.failed())
      run.stopped()
      throw error
    }
  }

  /** Sends a part by the first lane, which shows whether it was the fault of the other one. */
  async #again(
    unit: TransferUnit,
    options: TransferOptions,
    judge: (isLanes: boolean) => void,
  ): Promise<void> {
    let isStored = false
    options.progress(0)
    try {
      await this.#first.put(unit, options)
      isStored = true
    } finally {
      judge(isStored)
    }
  }
}

/** All ways to send a part, the first one first. */
function waysOf({ url, lanes: { urls = [], credentials = false } = {} }: PresignedPut): Way[] {
  const plain = [url, ...urls].map((each) => ({ url: each, credentials: false }))
  return credentials ? [...plain, ...plain.map((way) => ({ ...way, credentials: true }))] : plain
}

/** The connection of a way. */
function nameOf({ url, credentials }: Way): string {
  return `${new URL(url).host} ${credentials}`
}

/** Uppy may ask again, when it tries again by itself. */
function once(presigned: PresignedPut, { presign }: TransferOptions) {
  let first: PresignedPut | undefined = presigned
  return async () => {
    const answer = first ?? (await presign())
    first = undefined
    return answer
  }
}
