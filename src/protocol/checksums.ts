/**
 * The algorithms whose `x-amz-checksum-…` header a signer may ask for. The CRCs cost little;
 * `sha256` takes longer to compute than the MD5.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const

/** One of {@link CHECKSUM_ALGORITHMS}. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

/** What was computed of some bytes: each value in base64, as the headers of S3 have it. */
export type Digests = { [Algorithm in 'md5' | ChecksumAlgorithm]?: string }
