import { createSigner, s3 } from 'bucket-upload/server'

let signer: ReturnType<typeof createSigner> | undefined

/** Made with the first call: `next build` loads this file too, where there are no keys. */
function makeSigner() {
  const { env } = process
  return createSigner({
    bucket: s3({
      bucket: env.BUCKET_UPLOAD_BUCKET ?? '',
      region: env.BUCKET_UPLOAD_REGION,
      endpoint: env.BUCKET_UPLOAD_ENDPOINT,
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    }),
    origins: env.BUCKET_UPLOAD_ORIGIN?.split(','),
    // Anyone may upload, until you check a cookie or a token here.
    authorize: 'everybody',
  })
}

export function POST(request: Request) {
  signer ??= makeSigner()
  return signer(request)
}

// Only pages of another origin ask first.
export const OPTIONS = POST
