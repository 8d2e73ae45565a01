import { createSigner, s3 } from 'bucket-upload/server'
import { nodeListener } from 'bucket-upload/server/node'
import express from 'express'

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

const app = express()
// Before the parsers: the signer reads the body itself, and no more of it than it needs.
app.all('/sign', nodeListener(signer))
app.use(express.json())

const server = app.listen(env.PORT ?? 3000, (error) => {
  // Express calls this too if the port is taken.
  if (error) throw error
  console.log(`http://localhost:${server.address().port}/sign`)
})
