import {
  type BucketUpload,
  type Transport,
  UploadEngine,
  type UploadEngineOptions,
} from 'bucket-upload/define'
import { parseSize } from 'bucket-upload/protocol'

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
          const key = `${crypto.randomUUID()}/${request.file.path ?? request.file.name}`
          const url = `https://bucket.example/${key.split('/').map(encodeURIComponent).join('/')}`
          return { id: request.id, key, url, downloadUrl: `${url}?X-Amz-Signature=pretence` }
        }),
      integrity: 'off',
      resume: false,
    },
    { createTransport: () => pretend },
  )
}

/**
 * What the attributes say to the pretence. An element does that for its own engine alone: one that it
 * is given has its own options.
 */
export function optionsOf(element: BucketUpload): UploadEngineOptions {
  return {
    accept: element.accept,
    minSize: size(element.minSize),
    maxSize: size(element.maxSize),
    maxTotalSize: size(element.maxTotalSize),
    maxFiles: element.limit,
    manual: element.manual,
    prefix: element.prefix,
    linkExpires: Number(element.linkExpires) || undefined,
  }
}

/** One that is still being typed is none. */
function size(text: number | string | null | undefined): number | undefined {
  try {
    return text ? parseSize(text) : undefined
  } catch {
    return undefined
  }
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
