import { createServer } from 'node:http'
import { createSigner, s3 } from 'bucket-upload/server'
import { nodeListener } from 'bucket-upload/server/node'

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

const server = createServer(nodeListener(signer)).listen(env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`)
})
