/**
 * The CORS rule of a bucket, which both sides tell: the browser where it is missing, the command line
 * where it is to be set. Not in the index: pages load it only when a bucket lets them not in.
 */

/** A rule for `PutBucketCors`, as its JSON has it. */
export interface CorsRule {
  AllowedOrigins: string[]
  AllowedMethods: string[]
  AllowedHeaders: string[]
  ExposeHeaders: string[]
  MaxAgeSeconds: number
}

/** Where a bucket is. */
export interface BucketPlace {
  host: string
  bucket: string
  /** Scheme and host without the bucket. */
  endpoint: string
}

/** A host of Amazon S3, with its region. */
export const AWS_HOST = /(?:^|\.)s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/
const IBM_HOST =
  /(?:^|\.)s3\.(?:private\.|direct\.)?([\w.-]+)\.cloud-object-storage\.appdomain\.cloud$/

/** The rule that lets pages upload, see what became of it, and download. */
export function corsRuleFor(origins: string[]): CorsRule {
  return {
    AllowedOrigins: origins,
    AllowedMethods: ['GET', 'PUT', 'POST'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 3000,
  }
}

/** The command that sets a rule, by the tools of the provider. It takes the place of all others. */
export function corsCommand(rule: CorsRule, { host, bucket, endpoint }: BucketPlace): string {
  const json = `'${JSON.stringify({ CORSRules: [rule] })}'`
  if (/(^|\.)qencode\.com$/.test(host)) {
    // https://docs.qencode.com/tutorials/media-storage/qencode-s3/cors-settings/
    return `Qencode sets it for its CDN, with an access token of its API:\ncurl -X POST "https://api-cdn.qencode.com/v1/buckets/${bucket}/cors" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" --data '${JSON.stringify({ 'Access-Control-Allow-Origin': rule.AllowedOrigins[0] })}'`
  }
  const [, region] = IBM_HOST.exec(host) ?? []
  if (region) {
    return `ibmcloud cos bucket-cors-put --bucket ${bucket} --region ${region} --cors-configuration ${json}`
  }
  const at = /\.amazonaws\.com(\.cn)?$/.test(host) ? '' : ` --endpoint-url ${endpoint}`
  return `aws s3api put-bucket-cors --bucket ${bucket}${at} --cors-configuration ${json}`
}
