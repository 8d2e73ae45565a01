/**
 * How the hosts of the providers are named, and how their CORS rule is set. Pages load this, so all that
 * only a signer needs is in `providers.ts`.
 */
import type { BucketPlace, CorsRule } from './cors.ts'

/** A preset, by the name that settings and the command line have for it. */
export type ProviderId = 'storj' | 'qencode' | 'ibm-cos' | 's3'

/** A service behind a host. Those that have no preset are for `s3`. */
export type ServiceId = Exclude<ProviderId, 's3'> | 'aws' | 'r2' | 'backblaze' | 'wasabi' | 'other'

/** Hosts of one service. */
interface Hosts {
  service: ServiceId
  /** For messages. */
  title: string
  /** Groups: `bucket` in front of the host, `region`, and `inside` for a network of the provider. */
  host: RegExp
  /** The region of hosts that name none. */
  region?: string
  /** Signatures for another region than the host's are refused. */
  strict?: true
  /** The bucket's name must stand before the host. */
  virtualHostedOnly?: true
  /** All names of the provider. One that `host` does not match is no S3 endpoint. */
  domain?: RegExp
  /** Every page is allowed, and there is no rule to set. */
  allowsEveryPage?: true
  /** The command that sets a rule, which replaces all others. By default one of aws-cli. */
  corsCommand?: (rule: CorsRule, place: BucketPlace, region: string | undefined) => string
}

/**
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html, also for FIPS and dual-stack hosts
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
 * @see https://developers.cloudflare.com/r2/data-access/s3-api/api/ for "auto", and what R2 lacks
 * @see https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api
 * @see https://docs.wasabi.com/docs/what-are-the-service-urls-for-wasabi-s-different-storage-regions
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/cors-settings/
 */
const HOSTS: readonly Hosts[] = [
  {
    service: 'aws',
    title: 'Amazon S3',
    host: /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:\.dualstack)?[.-](?<region>[a-z]{2}-[a-z-]+-\d)\.amazonaws\.com(?:\.cn)?$/,
    strict: true,
    corsCommand: (rule, { bucket }) => awsCommand(rule, bucket),
  },
  {
    service: 'aws',
    title: 'Amazon S3 Transfer Acceleration',
    host: /^(?:(?<bucket>.+)\.)?s3-accelerate(?:\.dualstack)?\.amazonaws\.com$/,
    virtualHostedOnly: true,
    corsCommand: (rule, { bucket }) => awsCommand(rule, bucket),
  },
  {
    service: 'aws',
    title: 'Amazon S3',
    host: /^(?:(?<bucket>.+)\.)?s3\.amazonaws\.com$/,
    corsCommand: (rule, { bucket }) => awsCommand(rule, bucket),
  },
  {
    service: 'r2',
    title: 'Cloudflare R2',
    host: /^(?:(?<bucket>.+)\.)?[0-9a-f]{32}(?:\.(?:eu|us|fedramp))?\.r2\.cloudflarestorage\.com$/,
    region: 'auto',
  },
  {
    service: 'backblaze',
    title: 'Backblaze B2',
    host: /^(?:(?<bucket>.+)\.)?s3\.(?<region>[a-z0-9-]+)\.backblazeb2\.com$/,
  },
  {
    service: 'wasabi',
    title: 'Wasabi',
    host: /^(?:(?<bucket>.+)\.)?s3(?:\.(?<region>[a-z0-9-]+))?\.wasabisys\.com$/,
    region: 'us-east-1',
  },
  {
    service: 'ibm-cos',
    title: 'IBM Cloud Object Storage',
    host: /^(?:(?<bucket>.+)\.)?s3\.(?<inside>(?:private|direct)\.)?(?<region>[a-z0-9-]+(?:\.(?:us|eu|ap))?)\.cloud-object-storage\.appdomain\.cloud$/,
    corsCommand: (rule, { bucket }, region) =>
      `ibmcloud cos bucket-cors-put --bucket ${bucket} --region ${region} --cors-configuration ${asJson(rule)}`,
  },
  {
    service: 'qencode',
    title: 'Qencode',
    host: /^(?:(?<bucket>.+)\.)?(?<region>[a-z0-9-]+)\.s3\.qencode\.com$/,
    corsCommand: (rule, { bucket }) =>
      `Qencode sets it for its CDN, with an access token of its API:\ncurl -X POST "https://api-cdn.qencode.com/v1/buckets/${bucket}/cors" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" --data '${JSON.stringify({ 'Access-Control-Allow-Origin': rule.AllowedOrigins[0] })}'`,
  },
  {
    service: 'storj',
    title: 'Storj',
    host: /^(?:(?<bucket>.+)\.)?gateway(?:\.(?:us1|eu1|ap1))?\.storjshare\.io$/,
    domain: /(^|\.)storj(share)?\.io$/,
    // It has no PutBucketCors: https://storj.dev/dcs/api/s3/s3-compatibility
    allowsEveryPage: true,
  },
]

/** What a host tells. */
export interface KnownHost {
  service: ServiceId
  title: string
  /** The region in its name, or the one that it takes. `undefined` if the host does not tell. */
  region: string | undefined
  /** The bucket, if its name stands before the host. */
  bucket: string | undefined
  /** The label of a network of the provider, such as `private.`: browsers cannot reach it. */
  inside: string | undefined
  strict: boolean
  virtualHostedOnly: boolean
  allowsEveryPage: boolean
}

/** Recognizes the service behind an address; `undefined` if it is not one that we know. */
export function recognizeHost(url: string): KnownHost | undefined {
  const { hostname } = new URL(url)
  for (const { host, service, title, ...hosts } of HOSTS) {
    const found = host.exec(hostname)
    if (!found) continue
    const { strict = false, virtualHostedOnly = false, allowsEveryPage = false } = hosts
    const { bucket, region = hosts.region, inside } = found.groups ?? {}
    const traits = { strict, virtualHostedOnly, allowsEveryPage }
    return { service, title, region, bucket, inside, ...traits }
  }
  return undefined
}

/** The service that a host belongs to, also one of its hosts that is no S3 endpoint. */
export function serviceOf(url: string): ServiceId | undefined {
  const { hostname } = new URL(url)
  return HOSTS.find(({ host, domain }) => host.test(hostname) || domain?.test(hostname))?.service
}

/** The command that sets a CORS rule with the tools of the provider. It replaces all other rules. */
export function corsCommand(rule: CorsRule, place: BucketPlace): string {
  const { hostname } = new URL(place.endpoint)
  const hosts = HOSTS.find(({ host }) => host.test(hostname))
  const command = hosts?.corsCommand?.(rule, place, hosts.host.exec(hostname)?.groups?.region)
  return command ?? awsCommand(rule, place.bucket, ` --endpoint-url ${place.endpoint}`)
}

function awsCommand(rule: CorsRule, bucket: string, endpoint = ''): string {
  return `aws s3api put-bucket-cors --bucket ${bucket}${endpoint} --cors-configuration ${asJson(rule)}`
}

function asJson(rule: CorsRule): string {
  return `'${JSON.stringify({ CORSRules: [rule] })}'`
}
