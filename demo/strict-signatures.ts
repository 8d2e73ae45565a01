import { AwsV4Signer } from 'aws4fetch'

/** What this needs of a request's Koa context. */
interface Context {
  method: string
  host: string
  originalUrl: string
  headers: Record<string, string | string[] | undefined>
  app: object
}

interface Keys {
  accessKeyId: string
  secretAccessKey: string
}

/** The characters that AWS wants encoded in a query, and that encodeURIComponent leaves alone. */
const LEFT_ALONE = /[!'()*]/

/**
 * A middleware that lets s3rver accept what S3 accepts. Where a query has one of `!'()*` in it, as
 * every `filename*=UTF-8''…` of a download link does, s3rver computes another signature than S3 and
 * refuses the right one. So these few are checked here, as S3 does, and those that hold pass; all
 * others, and what else there is to check, are left to s3rver.
 */
export function strictSignatures(keys: Keys) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    if (await holds(context, keys)) {
      context.app = Object.create(context.app, { allowMismatchedSignatures: { value: true } })
    }
    await next()
  }
}

async function holds(
  { method, host, originalUrl, headers }: Context,
  keys: Keys,
): Promise<boolean> {
  const url = new URL(originalUrl, `http://${host}`)
  const signature = url.searchParams.get('X-Amz-Signature')
  const values = [...url.searchParams.values()]
  if (signature === null || !values.some((value) => LEFT_ALONE.test(value))) return false
  const [, , region = ''] = (url.searchParams.get('X-Amz-Credential') ?? '').split('/')
  const datetime = url.searchParams.get('X-Amz-Date') ?? ''
  const names = (url.searchParams.get('X-Amz-SignedHeaders') ?? '').split(';')
  const signed = names.filter((name) => name !== 'host').map((name) => [name, headers[name]])
  url.searchParams.delete('X-Amz-Signature')
  const expected = new AwsV4Signer({
    ...keys,
    method,
    url: url.href,
    headers: Object.fromEntries(signed),
    service: 's3',
    region,
    datetime,
    signQuery: true,
    allHeaders: true,
  })
  return (await expected.signature()) === signature
}
