/** A long line on loopback: a TCP proxy with a delay, and a rate for each connection. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What the line is like. */
export interface WanOptions {
  /** Where it leads, for instance `http://127.0.0.1:7480`. */
  target: string
  /** Milliseconds there and back. 100 by default. */
  roundTrip?: number
  /** Bytes per second and connection, towards the target. 10 MB/s by default. */
  rate?: number
  /** Bytes per second and connection, back from the target. No limit by default. */
  rateDown?: number
}

/** A line that the caller has to stop. */
export interface Wan {
  /** The near end, for instance `http://127.0.0.1:41234`. */
  origin: string
  /** How many connections were opened so far. */
  readonly connections: number
  /**
   * The longest time between two pieces of a body towards the target, in ms, on whatever connection,
   * since the line was opened or `resetIdle` was called.
   */
  readonly longestIdle: number
  resetIdle(): void
  stop(): void
}

interface Direction {
  from: Socket
  to: Socket
  /** Milliseconds. */
  delay: number
  /** Bytes per millisecond. */
  rate: number
  /** When the first byte may leave: before that the connection is still being opened. */
  opens: number
  /** Gets the number of bytes that are handed over. */
  delivered?: (bytes: number) => void
}

/** How far ahead of the line its near end reads, in ms: what more there is stays with the sender. */
const AHEAD = 100

/** Bytes. A smaller piece is the head of a request, as of a preflight, and leaves the line idle. */
const SMALLEST_PIECE = 2048

/** Opens a line to the target. It has no slow start: each connection has its full rate at once. */
export async function startWan(options: WanOptions): Promise<Wan> {
  const sockets = new Set<Socket>()
  let connections = 0
  let longestIdle = 0
  let busy: number | undefined
  const delivered = (bytes: number) => {
    if (bytes < SMALLEST_PIECE) return
    const now = performance.now()
    longestIdle = Math.max(longestIdle, now - (busy ?? now))
    busy = now
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    connections++
    for (const socket of carry(near, options, delivered)) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    get longestIdle() {
      return longestIdle
    },
    resetIdle() {
      longestIdle = 0
      busy = undefined
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Connects the near end with a far end of its own. */
function carry(near: Socket, options: WanOptions, delivered: (bytes: number) => void): Socket[] {
  const { target, roundTrip = 100, rate = 10e6, rateDown = Number.POSITIVE_INFINITY } = options
  const { hostname, port } = new URL(target)
  const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
  const delay = roundTrip / 2
  const opens = performance.now() + roundTrip
  move({ from: near, to: far, delay, rate: rate / 1000, opens, delivered })
  move({ from: far, to: near, delay, rate: rateDown / 1000, opens })
  return [near, far]
}

/**
 * Moves what comes in at one end to the other. There is one queue and one timer, so that nothing
 * overtakes anything: the end of the stream and a reset wait for their turn like any byte.
 */
function move({ from, to, delay, rate, opens, delivered }: Direction): void {
  const queue: { at: number; deliver: () => void }[] = []
  let timer: NodeJS.Timeout | undefined
  /** When the line has taken all that it was given so far. */
  let free = opens

  const run = () => {
    timer = undefined
    while (queue[0] !== undefined && queue[0].at <= performance.now()) queue.shift()?.deliver()
    if (queue[0] !== undefined)
      timer = setTimeout(run, Math.max(0, queue[0].at - performance.now()))
    const full = free - performance.now() > AHEAD || to.writableLength > to.writableHighWaterMark
    if (!full && from.isPaused()) from.resume()
  }
  const enqueue = (bytes: number, deliver: () => void) => {
    free = Math.max(free, performance.now()) + bytes / rate
    queue.push({ at: free + delay, deliver })
    if (free - performance.now() > AHEAD) from.pause()
    timer ??= setTimeout(run, free + delay - performance.now())
  }

  from.on('data', (chunk) =>
    enqueue(chunk.length, () => {
      delivered?.(chunk.length)
      if (!to.destroyed && !to.write(chunk)) from.pause()
    }),
  )
  from.on('end', () => enqueue(0, () => to.end()))
  from.on('error', () => enqueue(0, () => to.resetAndDestroy()))
  from.on('close', () => enqueue(0, () => void (from.readableEnded || to.destroy())))
  to.on('drain', () => void (timer ?? run()))
  to.on('close', () => {
    clearTimeout(timer)
    queue.length = 0
  })
}
