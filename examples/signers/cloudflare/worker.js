import { createSigner, s3 } from 'bucket-upload/server'

let signer

/** A worker knows its settings only once it is called. */
function makeSigner(env) {
  return createSigner({
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
}

export default {
  fetch(request, env) {
    signer ??= makeSigner(env)
    return signer(request)
  },
}
