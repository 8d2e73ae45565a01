import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bucket, s3 } from '../src/server/index.ts'
import { createDemo } from './app.ts'
import { type EmbeddedS3, startEmbeddedS3 } from './embedded-s3.ts'
import { listen } from './listen.ts'
import { readBucket, SettingsError } from './settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function bucketOf({ stop: _, ...options }: EmbeddedS3): Bucket {
  return s3(options)
}

/** `npm start`: serves the demo on loopback until Ctrl-C. */
async function start(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const configured = readBucket(process.env)
  const library = mkdtempSync(join(tmpdir(), 'bucket-upload-demo-'))
  process.on('exit', () => rmSync(library, { recursive: true, force: true }))
  buildWidget(library)
  const embedded = configured ? undefined : await startEmbeddedS3()
  const server = createDemo(configured ?? bucketOf(embedded as EmbeddedS3), library)
  const port = await listen(server, readPort(process.env.PORT), (busy) =>
    console.log(`Port ${busy} is in use, trying the next one.`),
  )
  console.log(`\n  http://localhost:${port}\n`)
  console.log(
    `  Files go to ${configured ? nameOf(configured) : 'a bucket on this computer, which is emptied at the end'}.`,
  )
  console.log('  Press Ctrl-C to stop.\n')

  let stopping = false
  const stop = async () => {
    // A terminal and npm may both send the signal; the second must not cut the clean-up short.
    if (stopping) return
    stopping = true
    server.close()
    server.closeAllConnections()
    await embedded?.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
}

/**
 * The page loads the very files that a CDN would serve. They have a folder of their own: what stands in
 * `dist` may be in use, by a test for instance.
 */
function buildWidget(folder: string): void {
  const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url))
  const args = [vite, 'build', '--mode', 'cdn', '--outDir', folder, '--emptyOutDir']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The widget could not be built.\n${stdout}${stderr}`)
}

function nameOf({ bucket, endpoint }: Bucket): string {
  return `the bucket "${bucket}" at ${endpoint}`
}

function readPort(text = '5180'): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new SettingsError(`PORT is "${text}". Set it to a number from 1 to 65535.`)
}

start().catch((error: Error) => {
  console.error(error instanceof SettingsError ? error.message : error)
  process.exit(1)
})
