import type { Server } from 'node:http'

/** How many ports are tried, one after the other. */
const TRIES = 20

/**
 * Listens on a loopback port, or on the next one that is free.
 *
 * @param onBusy is called with each port that is in use
 * @returns the port
 * @throws {Error} when none of twenty ports is free
 */
export async function listen(
  server: Server,
  port: number,
  onBusy: (port: number) => void = () => {},
): Promise<number> {
  for (let candidate = port; candidate < port + TRIES; candidate++) {
    if (await tryPort(server, candidate)) return candidate
    onBusy(candidate)
  }
  throw new Error(
    `The ports ${port} to ${port + TRIES - 1} are all in use. Set PORT to another one.`,
  )
}

function tryPort(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening)
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    }
    const onListening = () => {
      server.off('error', onError)
      resolve(true)
    }
    server.once('error', onError).once('listening', onListening).listen(port, '127.0.0.1')
  })
}
