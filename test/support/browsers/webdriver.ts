import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Guarded } from '../servers/guarded.ts'
import { freePorts } from '../servers/ports.ts'

/** Milliseconds until a start is given up; it takes a second on an idle machine. */
const START_LIMIT = 60_000

/**
 * WebKit's own sandbox needs rights that root in a container has not got, and the pages here are our
 * own. Without a graphics card, compositing is slower than drawing without it.
 */
const ENVIRONMENT = [
  'WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1',
  'WEBKIT_DISABLE_COMPOSITING_MODE=1',
]

/**
 * Starts a display that nobody sees, the driver, and WebKitGTK's MiniBrowser by it. All of them end
 * with the guarded processes.
 *
 * @returns the address of the browser's WebDriver session
 */
export async function startWebKit(processes: Guarded): Promise<string> {
  const [port = 0] = await freePorts(1)
  const display = await startDisplay(processes)
  const ended = serve(processes, 'env', [
    ...ENVIRONMENT,
    `DISPLAY=:${display}`,
    'WebKitWebDriver',
    `--port=${port}`,
  ])
  const driver = `http://127.0.0.1:${port}`
  await Promise.race([ended, until(() => isReady(driver))])
  const capabilities = { browserName: 'MiniBrowser', pageLoadStrategy: 'none' }
  const { sessionId } = await command<{ sessionId: string }>('POST', `${driver}/session`, {
    capabilities: { alwaysMatch: capabilities },
  })
  return `${driver}/session/${sessionId}`
}

/** Sends a command of the W3C WebDriver protocol. */
export async function command<T>(
  method: 'GET' | 'POST',
  address: string,
  body?: object,
): Promise<T> {
  const response = await fetch(address, { method, body: body ? JSON.stringify(body) : null })
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`WebKitWebDriver: ${value.error}: ${value.message}`)
  return value
}

/** Starts an X server on a display that is free, and resolves with its number. */
async function startDisplay(processes: Guarded): Promise<string> {
  const file = join(processes.folder, 'display')
  const options = '-screen 0 1280x1024x24 -nolisten tcp'
  const ended = serve(processes, 'sh', ['-c', `exec Xvfb -displayfd 3 ${options} 3>'${file}'`])
  return Promise.race([ended, until(() => readFileSync(file, 'utf8').trim())])
}

/** Starts what is not meant to end; rejects when it does. */
function serve({ run }: Guarded, program: string, args: string[]): Promise<never> {
  const ended = run(program, ...args).then(() => {
    throw new Error(`${program} ${args.join(' ')} stopped by itself`)
  })
  ended.catch(() => undefined)
  return ended
}

async function isReady(driver: string): Promise<boolean> {
  return (await command<{ ready: boolean }>('GET', `${driver}/status`)).ready
}

/** Tries until there is a result. */
async function until<T>(attempt: () => T | Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(START_LIMIT)
  while (!limit.aborted) {
    try {
      const result = await attempt()
      if (result) return result
    } catch {
      // It is not there yet.
    }
    await delay(50)
  }
  throw new Error('WebKitGTK did not start in time.')
}
