/** What a developer can do about a bucket that does not allow the page, or refuses a signature. */
import { type BucketPlace, type CorsRule, corsRuleFor } from '../../s3/cors.ts'
import { corsCommand, recognizeHost } from '../../s3/hosts.ts'

export type { CorsRule }

const NOTES =
  'It takes the place of the rules that are there. (A bucket that does not exist looks the same on some servers.)'

/**
 * The rule that allows a page, and how to set it where this bucket is.
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
  const place = placeOf(url, key)
  const { bucket, endpoint } = place
  const known = recognizeHost(endpoint)
  if (known?.allowsEveryPage) {
    return {
      advice: `${known.title} allows every page, and there is no rule to set. Does the bucket ${bucket} exist at ${endpoint}, and does no proxy or browser extension stand between?`,
    }
  }
  if (origin === 'null') {
    return { advice: 'This page was opened from a file, and so has no origin. Serve it over HTTP.' }
  }
  const corsRule = corsRuleFor([origin])
  return {
    advice: `${corsCommand(corsRule, place)}\n${NOTES}`,
    corsRule,
  }
}

/** What a presigned URL was signed for: where that is another region than the host's, it cannot work. */
export function adviseSignature(url: string): string {
  const { searchParams } = new URL(url)
  const scope = searchParams.get('X-Amz-Credential')?.split('/').slice(1) ?? []
  const headers = searchParams.get('X-Amz-SignedHeaders')
  const region = scope[1]
  if (!region || !headers) return ''
  const told = `It was signed for the region ${region}, with the headers ${headers.split(';').join(', ')}.`
  const { strict, region: actual } = recognizeHost(url) ?? {}
  return strict && actual && actual !== region
    ? `${told} The host is in ${actual}: sign for that.`
    : told
}

/** The bucket is in front of the key, or in front of the host. */
function placeOf(url: string, key: string | undefined): BucketPlace {
  const { protocol, host, pathname } = new URL(url)
  const path = decoded(pathname)
  const before = key && path.endsWith(`/${key}`) ? path.slice(0, -key.length) : path
  const inPath = before.replace(/^\/|\/$/g, '')
  const dot = host.indexOf('.')
  const [bucket, rest] = inPath ? [inPath, host] : [host.slice(0, dot), host.slice(dot + 1)]
  return {
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
