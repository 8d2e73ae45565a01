import type { ProviderId } from '../../s3/providers.ts'
import type { Bucket, BucketOptions } from '../api/bucket.ts'
import { ibmCos } from './ibm-cos.ts'
import { qencode } from './qencode.ts'
import { s3 } from './s3.ts'
import { storj } from './storj.ts'

export { type IbmCosOptions, type IbmCosRegion, ibmCos } from './ibm-cos.ts'
export { type QencodeOptions, type QencodeRegion, qencode } from './qencode.ts'
export { type S3Options, s3 } from './s3.ts'
export { type StorjOptions, storj } from './storj.ts'

/** Options that every preset takes. */
export interface PlaceOptions extends BucketOptions {
  region?: string | undefined
  endpoint?: string | undefined
}

/** The presets by the names that settings and the command line have for them. */
export const PRESETS: Readonly<Record<ProviderId, (options: PlaceOptions) => Bucket>> = {
  storj,
  qencode: ({ region = '', ...options }) => qencode({ ...options, region }),
  'ibm-cos': ({ region = '', ...options }) => ibmCos({ ...options, region }),
  s3,
}
