import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSigner, s3 } from 'bucket-upload/server'
import { nodeListener } from 'bucket-upload/server/node'

const { env } = process
/** Everybody here is the same user. Take yours from the session. */
const USER_PREFIX = 'users/42/'
/** The library's files for a page without a bundler. */
const LIBRARY = dirname(fileURLToPath(import.meta.resolve('bucket-upload/cdn')))

const signer = createSigner({
  bucket: s3({
    bucket: env.BUCKET_UPLOAD_BUCKET,
    region: env.BUCKET_UPLOAD_REGION,
    endpoint: env.BUCKET_UPLOAD_ENDPOINT,
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  }),
  authorize: () => ({ user: '42', prefix: USER_PREFIX }),
})

const server = createServer(
  nodeListener(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/sign') return signer(request)
    if (pathname === '/apply' && request.method === 'POST') return apply(await request.formData())
    if (pathname.startsWith('/library/')) return library(pathname)
    return pathname === '/'
      ? html(await readFile(new URL('page.html', import.meta.url)))
      : notFound()
  }),
)
server.listen(env.PORT ?? 3000, () => console.log(`http://localhost:${server.address().port}`))

/** The form sends keys and no bytes. A browser can send any text, so check each one. */
function apply(form) {
  const keys = form.getAll('documents')
  if (!keys.every((key) => typeof key === 'string' && key.startsWith(USER_PREFIX))) {
    return html('<p>These are not your files.</p>', 400)
  }
  const items = keys.map((key) => `<li>${escapeHtml(key)}</li>`).join('')
  return html(
    `<!doctype html><html lang="en"><title>Thank you</title><link rel="icon" href="data:," /><h1>Thank you, ${escapeHtml(String(form.get('name')))}</h1><ul>${items}</ul></html>`,
  )
}

async function library(pathname) {
  const path = pathname.slice('/library/'.length)
  // Scripts only, and no way out of the folder.
  if (!/^[\w/-]+\.js$/.test(path)) return notFound()
  const body = await readFile(join(LIBRARY, path)).catch(() => undefined)
  return body ? new Response(body, { headers: { 'Content-Type': 'text/javascript' } }) : notFound()
}

function html(body, status = 200) {
  return new Response(body, { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } })
}

function notFound() {
  return new Response(null, { status: 404 })
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
