/** How each example signer is started. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exampleFolder } from './example-signer.ts'

/** Signers that are copied, in other languages. Python has a package. */
export const OTHER_LANGUAGES: Record<string, () => string[]> = {
  go: () => [builtExample()],
  php: () => ['php', '-S', '127.0.0.1:0', 'signer.php'],
}

/** Our own signer, in what runs JavaScript. */
export const JAVASCRIPT: Record<string, string[]> = {
  node: ['node', 'server.js'],
  hono: ['node', 'server.js'],
  express: ['node', 'server.js'],
  bun: ['bun', 'server.ts'],
  // With the library that is there, where `deno task start` gets it from npm.
  deno: ['deno', 'run', '--check', '--node-modules-dir=manual', '-NE', 'server.ts'],
  nextjs: ['node', fileURLToPath(new URL('./next-route.ts', import.meta.url))],
}

let built: string | undefined

function builtExample(): string {
  built ??= buildGo(
    exampleFolder('go'),
    join(exampleFolder('go'), '../../../node_modules/.cache/go-signer'),
  )
  return built
}

/** Builds a signer in Go: `go run` would leave the program behind when it is stopped. */
export function buildGo(folder: string, program = join(folder, 'signer')): string {
  execFileSync('go', ['build', '-o', program, '.'], { cwd: folder, stdio: 'inherit' })
  return program
}
