/** What can be set so that a bucket lets pages in, and how. */
export interface CorsSetting {
  /**
   * `s3-api`: a rule for each bucket, by PutBucketCors. `fixed`: every page is let in, and nothing can
   * be set. `elsewhere`: only in another API of the provider.
   */
  control: 's3-api' | 'fixed' | 'elsewhere'
  /** One sentence for whoever sets it up. */
  how: string
  /** The provider's own page about it. */
  docs: string
}

/** As on Amazon S3, and on most servers that speak its API. */
export const S3_CORS: CorsSetting = {
  control: 's3-api',
  how: 'Set a rule for the bucket with PutBucketCors: without one, no page is let in.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enabling-cors-examples.html',
}

/** @see https://storj.dev/dcs/buckets/cors */
export const STORJ_CORS: CorsSetting = {
  control: 'fixed',
  how: 'Nothing to set: Storj lets every page in, and refuses PutBucketCors.',
  docs: 'https://storj.dev/dcs/buckets/cors',
}

export const QENCODE_CORS: CorsSetting = {
  control: 'elsewhere',
  how: 'Qencode documents it for its CDN only: POST to https://api-cdn.qencode.com/v1/buckets/<bucket>/cors with an access token. Whether its S3 host follows that rule is not documented.',
  docs: 'https://docs.qencode.com/tutorials/media-storage/qencode-s3/cors-settings/',
}

export const IBM_CORS: CorsSetting = {
  control: 's3-api',
  how: 'Set a rule for the bucket with PutBucketCors, or "ibmcloud cos bucket-cors-put". It takes a while to be in force everywhere.',
  docs: 'https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-compatibility-api-bucket-operations',
}

export const WASABI_CORS: CorsSetting = {
  control: 's3-api',
  how: 'Wasabi has a default rule for every bucket. Set one of your own with PutBucketCors where it is not enough.',
  docs: 'https://docs.wasabi.com/docs/cross-origin-resource-sharing-cors',
}
