import type { ProviderId } from '../../s3/providers.ts'
import type { Bucket, BucketOptions } from '../api/bucket.ts'
import * as presets from './index.ts'

/** Options that every preset takes. */
export interface PlaceOptions extends BucketOptions {
  region?: string | undefined
  endpoint?: string | undefined
}

type Preset = (options: PlaceOptions) => Bucket

const byName = new Map<string, unknown>(Object.entries(presets))

/** Calls a preset by the name that settings and the command line have for it: `ibm-cos` is `ibmCos`. */
export function callPreset(id: ProviderId, options: PlaceOptions): Bucket {
  const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return (byName.get(name) as Preset)(options)
}
