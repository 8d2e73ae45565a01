import { createSigner, s3 } from 'bucket-upload/server'

const env = (name: string) => Deno.env.get(name)

const signer = createSigner({
  bucket: s3({
    bucket: env('BUCKET_UPLOAD_BUCKET') ?? '',
    region: env('BUCKET_UPLOAD_REGION'),
    endpoint: env('BUCKET_UPLOAD_ENDPOINT'),
    accessKeyId: env('AWS_ACCESS_KEY_ID') ?? '',
    secretAccessKey: env('AWS_SECRET_ACCESS_KEY') ?? '',
  }),
  origins: env('BUCKET_UPLOAD_ORIGIN')?.split(','),
  // Anyone may upload, until you check a cookie or a token here.
  authorize: 'everybody',
})

Deno.serve(
  {
    port: Number(env('PORT') ?? 3000),
    onListen: ({ port }) => console.log(`http://localhost:${port}`),
  },
  (request) => signer(request),
)
