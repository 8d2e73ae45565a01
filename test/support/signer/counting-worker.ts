/** A signer that is a Worker of Cloudflare, and counts in a Durable Object. */
import { durableObjectCounter } from '../../../src/server/counters/durable-objects.ts'
import { createSigner, s3 } from '../../../src/server/index.ts'

export { UploadCounter } from '../../../src/server/counters/durable-objects.ts'

/** The binding, which tests may ask by the names of objects in paths. */
interface Environment {
  COUNTER: {
    idFromName(name: string): unknown
    get(id: unknown): { fetch(request: Request | string, init?: RequestInit): Promise<Response> }
  }
}

let signer: ReturnType<typeof createSigner> | undefined

export default {
  async fetch(request: Request, { COUNTER }: Environment): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname !== '/sign') return COUNTER.get(COUNTER.idFromName(pathname)).fetch(request)
    signer ??= createSigner({
      bucket: s3({ bucket: 'photos', accessKeyId: 'key', secretAccessKey: 'secret' }),
      authorize: ({ headers }) => ({ user: headers.get('user') ?? '' }),
      limits: [{ per: 'user', files: 1, every: '1d' }],
      counter: durableObjectCounter(COUNTER),
    })
    return signer(request)
  },
}
