import { WASABI_CORS } from '../server/providers/cors-setting.ts'
import {
  AWS,
  CLOSED_SERVER,
  type Facts,
  IBM,
  QENCODE,
  R2,
  STORJ,
} from '../server/providers/facts.ts'

/** What is known of a service by its host. */
export interface KnownHost {
  /** Its name, for messages. */
  service: string
  /** The region in its name, or the one that it takes. `undefined` where the host does not tell. */
  region: string | undefined
  /** The bucket, where its name stands before the host. */
  bucket: string | undefined
  /** Whether a signature for another region than the host's is refused. */
  strict: boolean
  facts: Facts
  /** Whether the bucket's name has to stand before the host. */
  virtualHostedOnly: boolean
}

interface Service {
  name: string
  /** Groups: `bucket` in front of the host, and `region`. */
  host: RegExp
  /** Where the host names none. */
  region?: string
  strict?: true
  virtualHostedOnly?: true
  facts: Facts
}

/**
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
 * @see https://developers.cloudflare.com/r2/data-access/s3-api/api/ for "auto", and what R2 lacks
 * @see https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api
 * @see https://docs.wasabi.com/docs/what-are-the-service-urls-for-wasabi-s-different-storage-regions
 */
const SERVICES: readonly Service[] = [
  {
    name: 'Amazon S3',
    host: /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:\.dualstack)?[.-](?<region>[a-z]{2}-[a-z-]+-\d)\.amazonaws\.com(?:\.cn)?$/,
    strict: true,
    facts: AWS,
  },
  {
    name: 'Amazon S3 Transfer Acceleration',
    host: /^(?:(?<bucket>.+)\.)?s3-accelerate(?:\.dualstack)?\.amazonaws\.com$/,
    virtualHostedOnly: true,
    facts: AWS,
  },
  {
    name: 'Amazon S3',
    host: /^(?:(?<bucket>.+)\.)?s3\.amazonaws\.com$/,
    facts: AWS,
  },
  {
    name: 'Cloudflare R2',
    host: /^(?:(?<bucket>.+)\.)?[0-9a-f]{32}(?:\.(?:eu|us|fedramp))?\.r2\.cloudflarestorage\.com$/,
    region: 'auto',
    facts: R2,
  },
  {
    name: 'Backblaze B2',
    host: /^(?:(?<bucket>.+)\.)?s3\.(?<region>[a-z0-9-]+)\.backblazeb2\.com$/,
    facts: CLOSED_SERVER,
  },
  {
    name: 'Wasabi',
    host: /^(?:(?<bucket>.+)\.)?s3(?:\.(?<region>[a-z0-9-]+))?\.wasabisys\.com$/,
    region: 'us-east-1',
    facts: { ...CLOSED_SERVER, cors: WASABI_CORS },
  },
  {
    name: 'IBM Cloud Object Storage',
    host: /^(?:(?<bucket>.+)\.)?s3\.(?:private\.|direct\.)?(?<region>[a-z0-9-]+(?:\.(?:us|eu|ap))?)\.cloud-object-storage\.appdomain\.cloud$/,
    facts: IBM,
  },
  {
    name: 'Qencode',
    host: /^(?:(?<bucket>.+)\.)?(?<region>[a-z0-9-]+)\.s3\.qencode\.com$/,
    facts: QENCODE,
  },
  {
    name: 'Storj',
    host: /^(?:(?<bucket>.+)\.)?gateway(?:\.(?:us1|eu1|ap1))?\.storjshare\.io$/,
    facts: STORJ,
  },
]

/** Recognises the service behind an endpoint; `undefined` where it is none that we know. */
export function recogniseHost(endpoint: string): KnownHost | undefined {
  const { hostname } = new URL(endpoint)
  for (const service of SERVICES) {
    const found = service.host.exec(hostname)
    if (!found) continue
    const { name, strict = false, virtualHostedOnly = false, facts } = service
    const { bucket, region = service.region } = found.groups ?? {}
    return { service: name, region, bucket, strict, facts, virtualHostedOnly }
  }
  return undefined
}

/**
 * Refuses an endpoint that has the bucket's name before the host: path style would name it twice.
 *
 * @throws {Error} that says how to write it
 */
export function checkHostWithoutBucket(endpoint: string): void {
  const bucket = recogniseHost(endpoint)?.bucket
  if (bucket === undefined) return
  const { host } = new URL(endpoint)
  throw new Error(
    `"endpoint" is "${endpoint}", which has the name of a bucket in it. ` +
      `Write it as "https://${host.slice(bucket.length + 1)}", and name the bucket in "bucket". ` +
      'With "addressing: \'virtual-hosted\'" URLs look as you wrote it.',
  )
}
