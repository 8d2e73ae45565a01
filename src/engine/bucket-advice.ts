/** What a developer can do about a bucket that lets no page in, or refuses a signature. */

/** A rule for `PutBucketCors`, as its JSON has it. */
export interface CorsRule {
  AllowedOrigins: string[]
  AllowedMethods: string[]
  AllowedHeaders: string[]
  ExposeHeaders: string[]
  MaxAgeSeconds: number
}

/** Where a presigned URL leads to. */
interface Place {
  host: string
  bucket: string
  /** Scheme and host without the bucket. */
  endpoint: string
}

const AWS_HOST = /(?:^|\.)s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/
const IBM_HOST =
  /(?:^|\.)s3\.(?:private\.|direct\.)?([\w.-]+)\.cloud-object-storage\.appdomain\.cloud$/
const MAY_BE_MISSING = 'A bucket that does not exist looks the same on some servers.'

/**
 * The rule that lets a page in, and how to set it where this bucket is.
 *
 * @param url a presigned URL; only its host and bucket are told
 * @param key of the object, by which the bucket is found in the URL
 * @param origin of the page
 */
export function adviseCors(
  url: string,
  key: string | undefined,
  origin: string,
): { advice: string; corsRule?: CorsRule } {
  const { host, bucket, endpoint } = placeOf(url, key)
  // Storj answers every page, and has no PutBucketCors: "CORS" in its S3 compatibility table.
  if (/(^|\.)storjshare\.io$/.test(host)) {
    return {
      advice: `Storj lets every page in, and there is no rule to set. Does the bucket ${bucket} exist at ${endpoint}, and does no proxy or browser extension stand between?`,
    }
  }
  if (origin === 'null') {
    return { advice: 'This page was opened from a file, and so has no origin. Serve it over HTTP.' }
  }
  const corsRule: CorsRule = {
    AllowedOrigins: [origin],
    AllowedMethods: ['GET', 'PUT', 'POST'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 3000,
  }
  return {
    advice: `${howToSet(corsRule, { host, bucket, endpoint })}\n${MAY_BE_MISSING}`,
    corsRule,
  }
}

/** What a presigned URL was signed for: where that is another region than the host's, it cannot work. */
export function adviseSignature(url: string): string {
  const { host, searchParams } = new URL(url)
  const scope = searchParams.get('X-Amz-Credential')?.split('/').slice(1) ?? []
  const headers = searchParams.get('X-Amz-SignedHeaders')
  const region = scope[1]
  if (!region || !headers) return ''
  const told = `It was signed for the region ${region}, with the headers ${headers.split(';').join(', ')}.`
  const [, actual] = AWS_HOST.exec(host) ?? []
  return actual && actual !== region ? `${told} The host is in ${actual}: sign for that.` : told
}

function howToSet(rule: CorsRule, { host, bucket, endpoint }: Place): string {
  const json = `'${JSON.stringify({ CORSRules: [rule] })}'`
  if (/(^|\.)qencode\.com$/.test(host)) {
    // https://docs.qencode.com/tutorials/media-storage/qencode-s3/cors-settings/
    return `Qencode sets it for its CDN, with an access token of its API:\ncurl -X POST "https://api-cdn.qencode.com/v1/buckets/${bucket}/cors" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" --data '${JSON.stringify({ 'Access-Control-Allow-Origin': rule.AllowedOrigins[0] })}'`
  }
  const [, region] = IBM_HOST.exec(host) ?? []
  if (region) {
    return `ibmcloud cos bucket-cors-put --bucket ${bucket} --region ${region} --cors-configuration ${json}`
  }
  const at =
    AWS_HOST.test(host) || /\.amazonaws\.com$/.test(host) ? '' : ` --endpoint-url ${endpoint}`
  return `aws s3api put-bucket-cors --bucket ${bucket}${at} --cors-configuration ${json}`
}

/** The bucket is in front of the key, or in front of the host. */
function placeOf(url: string, key: string | undefined): Place {
  const { protocol, host, pathname } = new URL(url)
  const path = decoded(pathname)
  const before = key && path.endsWith(`/${key}`) ? path.slice(0, -key.length) : path
  const inPath = before.replace(/^\/|\/$/g, '')
  const dot = host.indexOf('.')
  const [bucket, rest] = inPath ? [inPath, host] : [host.slice(0, dot), host.slice(dot + 1)]
  return {
    host,
    // For what is copied into a shell.
    bucket: /^[\w.-]+$/.test(bucket) ? bucket : 'BUCKET',
    endpoint: `${protocol}//${rest}`,
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
