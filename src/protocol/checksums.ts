/**
 * The algorithms whose `x-amz-checksum-…` header a signer may require. The CRCs are fast; `sha256` is
 * slower than the MD5.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const

/** One of {@link CHECKSUM_ALGORITHMS}. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

/** Digests of some bytes. Each value is in base64, as in the headers of S3. */
export type Digests = { [Algorithm in 'md5' | ChecksumAlgorithm]?: string }
