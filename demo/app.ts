import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeListener } from '../src/server/http/node.ts'
import { type Bucket, createSigner } from '../src/server/index.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const PAGES: Record<string, { file: string; type: string }> = {
  '/': { file: here('index.html'), type: 'text/html; charset=utf-8' },
  '/demo.js': { file: here('demo.js'), type: 'text/javascript' },
  '/demo.css': { file: here('demo.css'), type: 'text/css' },
}
/** What is built: the file with the tag, and those that it loads, from a folder beside it. */
const BUILT = /^\/(bucket-upload-\w+\/(locales\/)?)?[\w-]+\.js$/

/**
 * The whole demo as one server: a page, the widget, and a signer at `/sign`.
 *
 * @param library the folder with the files for a page without a bundler
 */
export function createDemo(bucket: Bucket, library: string): Server {
  const signer = createSigner({
    bucket,
    authorize: 'everybody',
    maxSize: '5GB',
    // Pages of this computer only: otherwise any site that you visit could upload to your bucket.
    origins: isLoopback,
  })
  return createServer(
    nodeListener((request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/sign') return signer(request)
      if (pathname === '/bucket.json') return Response.json(describe(bucket))
      return servePage(pathname, library)
    }),
  )
}

/** What the page may know of the bucket. */
function describe({ provider, bucket, endpoint }: Bucket) {
  return { provider, bucket, endpoint }
}

async function servePage(pathname: string, library: string): Promise<Response> {
  const page = PAGES[pathname] ?? builtPage(pathname, library)
  const body = page && (await readFile(page.file).catch(() => undefined))
  if (!body) return new Response('Not found', { status: 404 })
  return new Response(body, {
    headers: {
      'Content-Type': page.type,
      'Cache-Control': 'no-cache',
      // Pages of other origins may load the widget from here.
      'Access-Control-Allow-Origin': '*',
    },
  })
}

function builtPage(pathname: string, library: string) {
  if (!BUILT.test(pathname)) return undefined
  return { file: join(library, pathname), type: 'text/javascript' }
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
}
