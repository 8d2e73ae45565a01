import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { nodeListener } from '../src/server/http/node.ts'
import { type Bucket, createSigner } from '../src/server/index.ts'

const PAGES: Record<string, { file: string; type: string }> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/demo.js': { file: 'demo.js', type: 'text/javascript' },
  '/demo.css': { file: 'demo.css', type: 'text/css' },
}
/** What is built: the file with the tag, and those that it loads, from a folder beside it. */
const BUILT = /^\/(bucket-upload-\w+\/(locales\/)?)?[\w-]+\.js$/

/** The whole demo as one server: a page, the widget, and a signer at `/sign`. */
export function createDemo(bucket: Bucket): Server {
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
      return servePage(pathname)
    }),
  )
}

/** What the page may know of the bucket. */
function describe({ provider, bucket, endpoint }: Bucket) {
  return { provider, bucket, endpoint }
}

async function servePage(pathname: string): Promise<Response> {
  const page = PAGES[pathname] ?? builtPage(pathname)
  const body = page && (await readFile(new URL(page.file, import.meta.url)).catch(() => undefined))
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

function builtPage(pathname: string) {
  if (!BUILT.test(pathname)) return undefined
  return { file: `../dist/cdn${pathname}`, type: 'text/javascript' }
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
}
