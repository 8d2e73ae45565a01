import { checkKey } from '../../server/internal.ts'
import { usageError } from '../frame/cli-error.ts'

/** What `s3://bucket/key` names. */
export interface S3Address {
  bucket: string
  /** As it is, not percent-encoded; "" where only a bucket is named. */
  key: string
}

/**
 * Reads `s3://bucket/key`. As in aws-cli, nothing in it is encoded: `%20` is three characters.
 *
 * @throws {CliError} `bad-address`
 */
export function parseAddress(text: string): S3Address {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? []
  if (bucket !== undefined) return { bucket, key }
  throw usageError('bad-address', `"${text}" is not an address: write it as "s3://bucket/key".`)
}

/** Whether a text is meant as an address in a bucket rather than as a file. */
export function isAddress(text: string): boolean {
  return text.startsWith('s3:')
}

/**
 * Reads the address of one object.
 *
 * @throws {CliError} `missing-argument`, `bad-address` or `invalid-key`
 */
export function parseObject(text: string | undefined): S3Address {
  if (text === undefined) {
    throw usageError('missing-argument', 'The object is missing: write it as "s3://bucket/key".')
  }
  const address = parseAddress(text)
  if (address.key === '') {
    throw usageError('bad-address', `"${text}" has no key: write it as "s3://bucket/key".`)
  }
  checkObjectKey(address.key)
  return address
}

/**
 * Refuses a key that is not safe in a URL.
 *
 * @throws {CliError} `invalid-key`
 */
export function checkObjectKey(key: string): void {
  try {
    checkKey(key)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw usageError('invalid-key', `${what} No URL can be made for it: choose another key.`)
  }
}

/**
 * Reads the address of a bucket, or of what begins with a prefix in it.
 *
 * @param fallback the name of a bucket for where none is given: BUCKET_UPLOAD_BUCKET
 * @throws {CliError} `missing-argument`, `bad-address`
 */
export function parsePrefix(text: string | undefined, fallback?: string | undefined): S3Address {
  if (text !== undefined) return parseAddress(text)
  if (fallback) return { bucket: fallback, key: '' }
  throw usageError(
    'missing-argument',
    'The bucket is missing: write it as "s3://bucket", or set BUCKET_UPLOAD_BUCKET.',
  )
}

/** A prefix as a folder: it ends with a slash, or is empty. */
export function asFolder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}
