import { type Transport, UploadEngine } from 'bucket-upload/define'

/** Bytes a second, so that there is something to see. */
const SPEED = 600_000

/** An engine whose bucket is a pretence: nothing leaves the page, and files take their time. */
export function pretence(): UploadEngine {
  return new UploadEngine(
    {
      signer: (requests) =>
        requests.map((request) => {
          if (request.op !== 'put') {
            return { id: request.id, error: { code: 'unsupported-op', message: 'A pretence.' } }
          }
          const key = `${crypto.randomUUID()}/${request.file.name}`
          const url = `https://bucket.example/${key.split('/').map(encodeURIComponent).join('/')}`
          return { id: request.id, key, url, downloadUrl: url }
        }),
      integrity: 'off',
      resume: false,
    },
    { createTransport: () => pretend },
  )
}

const pretend: Transport = {
  put: ({ body }, { presign, progress, signal }) =>
    new Promise((resolve, reject) => {
      const duration = Math.min(20_000, Math.max(1500, (body.size / SPEED) * 1000))
      const start = performance.now()
      const stop = (reason: unknown) => {
        clearInterval(timer)
        reject(reason)
      }
      const timer = setInterval(() => {
        const share = Math.min(1, (performance.now() - start) / duration)
        progress(Math.round(share * body.size))
        if (share < 1) return
        clearInterval(timer)
        resolve()
      }, 80)
      signal.addEventListener('abort', () => stop(signal.reason))
      presign().catch(stop)
    }),
}
