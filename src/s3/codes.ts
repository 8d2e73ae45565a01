/** What the error codes of S3 mean, where more than one of them means the same. */

/**
 * Whether a multipart upload does not exist any more: it was completed, aborted or has expired. Ceph
 * says `NoSuchKey` where others say `NoSuchUpload`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function isGone(code: string | undefined): boolean {
  return code === 'NoSuchUpload' || code === 'NoSuchKey'
}

/**
 * Whether the same request may succeed if it is sent again. Such a code can come with a status of 200
 * too, once the bucket has begun to answer.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export function isTemporary(code: string): boolean {
  return /^(InternalError|SlowDown|ServiceUnavailable|RequestTimeout|ConditionalRequestConflict)$/.test(
    code,
  )
}
