/** The lifecycle rules that a bucket for uploads needs. */

/** What an object is tagged with until somebody keeps it. */
export const UNKEPT_TAG = { key: 'bucket-upload', value: 'unkept' } as const

/** A rule, as `aws s3api` reads it. */
export interface LifecycleRule {
  ID: string
  Status: 'Enabled'
  Filter: { Prefix: string } | { Tag: { Key: string; Value: string } }
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation: number }
  Expiration?: { Days: number }
}

/** The ids of our rules, by which they are found again. */
export const LIFECYCLE_IDS = {
  unfinished: 'bucket-upload-unfinished',
  unkept: 'bucket-upload-unkept',
} as const

/**
 * Removes the parts of uploads that were never finished.
 *
 * @param days after the upload was begun
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */
export function unfinishedRule(days: number): LifecycleRule {
  return {
    ID: LIFECYCLE_IDS.unfinished,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
  }
}

/**
 * Removes the objects that nobody has kept.
 *
 * @param days after the object was stored
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html
 */
export function unkeptRule(days: number): LifecycleRule {
  const { key, value } = UNKEPT_TAG
  return {
    ID: LIFECYCLE_IDS.unkept,
    Status: 'Enabled',
    Filter: { Tag: { Key: key, Value: value } },
    Expiration: { Days: days },
  }
}
