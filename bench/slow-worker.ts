/**
 * Slows down what a worker hashes. Chromium does that for the main thread of a page only:
 * `Emulation.setCPUThrottlingRate` fails for a worker, and that of its page does not reach it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FetchHandler } from '../src/server/http/node.ts'
import { filesIn } from '../test/support/pages/site.ts'

const WORKER = '/hash-worker.js'

/** Serves the files of a library; its worker for hashes computes so many times slower. */
export function slowedFilesIn(folder: string, factor: number): FetchHandler {
  const files = filesIn(folder)
  if (factor <= 1) return files
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (!pathname.endsWith(WORKER)) return files(request)
    const script = readFileSync(join(folder, pathname), 'utf8')
    const headers = { 'Content-Type': 'text/javascript' }
    return new Response(`(${slowWebAssembly})(${factor});\n${script}`, { headers })
  }
}

/** Runs in the worker, before its script. Like Chromium, it uses up the time that is to be lost. */
export function slowWebAssembly(factor: number): void {
  const { instantiate } = WebAssembly
  const slowed = (work: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]) => {
      const start = performance.now()
      const result = work(...args)
      const end = start + factor * (performance.now() - start)
      while (performance.now() < end);
      return result
    }
  }
  const slowInstance = ({ exports }: WebAssembly.Instance) => {
    const entries = Object.entries(exports).map(([name, it]) => [
      name,
      typeof it === 'function' ? slowed(it as (...args: unknown[]) => unknown) : it,
    ])
    return { exports: Object.fromEntries(entries) }
  }
  Object.assign(WebAssembly, {
    instantiate: async (module: WebAssembly.Module, imports?: WebAssembly.Imports) =>
      slowInstance(await instantiate(module, imports)),
  })
}
