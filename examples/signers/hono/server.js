import { serve } from '@hono/node-server'
import { createSigner, s3 } from 'bucket-upload/server'
import { Hono } from 'hono'

const { env } = process

const signer = createSigner({
  bucket: s3({
    bucket: env.BUCKET_UPLOAD_BUCKET,
    region: env.BUCKET_UPLOAD_REGION,
    endpoint: env.BUCKET_UPLOAD_ENDPOINT,
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  }),
  origins: env.BUCKET_UPLOAD_ORIGIN?.split(','),
  // Anyone may upload, until you check a cookie or a token here.
  authorize: 'everybody',
})

const app = new Hono()
// With OPTIONS too, by which browsers ask first: the signer answers that itself.
app.all('/sign', (context) => signer(context.req.raw))

serve({ fetch: app.fetch, port: Number(env.PORT ?? 3000) }, ({ port }) => {
  console.log(`http://localhost:${port}/sign`)
})
