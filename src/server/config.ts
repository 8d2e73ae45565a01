import { type ChecksumAlgorithm, type FileDescription, parseSize } from '../protocol/index.ts'
import { type Origins, readOrigins } from './cors.ts'
import type { Disposition } from './disposition.ts'
import { parseDuration } from './duration.ts'
import { type Hooks, readHooks } from './hooks.ts'
import { keyFromTemplate } from './key-template.ts'
import { type LinkFunction, type Links, presigned } from './link-kinds.ts'
import { keyWithName, keyWithPath } from './new-key.ts'
import { checkExpiresIn } from './presign.ts'
import { type Bucket, checkBucket, checkChecksum } from './providers/bucket.ts'
import { type StoreFunction, type StoreOptions, toHeaders } from './stored-headers.ts'

type Awaitable<T> = T | Promise<T>

/** Sends one request, as the global `fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Who calls the signer, as `authorize` says. */
export interface Caller {
  /** Identifies the user. A grant works only for the user that it was issued to. */
  user?: string | undefined
  /**
   * Where this user's objects are, for example `users/42/`. Every key begins with it, and links by
   * key are signed below it only. A missing "/" at its end is added, lest `users/4` open `users/42/`.
   */
  prefix?: string | undefined
  /** Largest file of this user, in bytes or as `"25MB"`. Narrows the signer's; can never widen it. */
  maxSize?: number | string | undefined
  /** Smallest file of this user, in bytes or as `"1kB"`. Narrows the signer's. */
  minSize?: number | string | undefined
  /** Which files this user may upload, as in `<input accept>`. A file must be in the signer's list too. */
  accept?: string | readonly string[] | undefined
  /**
   * How many files there may be below `prefix`: 1000 at most. The signer counts them in the bucket, by
   * a request of its own for each call with new files, so its access key must be allowed to list. What
   * is still on its way is not counted.
   */
  maxFiles?: number | undefined
}

/** What `key` may build a key from. */
export interface KeyInput {
  /** 32 random hexadecimal digits, new for each upload. */
  id: string
  /** The file's name, safe to use in a key. */
  name: string
  /** The file's path inside a dropped folder, safe to use in a key; otherwise its name. */
  path: string
  /** What the client said about the file, unchecked except for its size and type. */
  file: FileDescription
  /**
   * 32 hexadecimal digits: the same for files that were added together by the same user, and no one
   * else's; the `id` where the client does not say which those are.
   */
  batch: string
  /** The user, if `authorize` named one. */
  user: string | undefined
  /** The user's prefix with a "/" at its end, or "". The key must begin with it. */
  prefix: string
  /** The day by the signer's clock in UTC, as `2026-11-24`. */
  date: string
  /** What the page sent along, unchecked. */
  meta: Record<string, string>
}

/** What {@link createSigner} takes. */
export interface SignerConfig extends Hooks {
  /** Where the files go: made by `storj`, `qencode`, `ibmCos` or `s3`. */
  bucket: Bucket
  /**
   * Signs the grants; at least 16 characters, and the same for all copies of a signer. Derived from
   * the bucket's secret key when it is left out. A list replaces a secret while uploads run: the first
   * signs, and grants of the others still count. A grant lasts a week at most; then drop the old one.
   */
  secret?: string | readonly string[] | undefined
  /**
   * Says who is calling, or returns nothing to refuse with 401. It may throw a `SignerError` to
   * refuse in another way. Without it, everyone may upload. Read headers only, or clone the request.
   */
  authorize?: ((request: Request) => Awaitable<Caller | false | null | undefined>) | undefined
  /**
   * Keeps folders as they are: the key is `<prefix><batch>/<path>`, and files that were added together
   * have the same random `batch`. Not together with `key`. False by default.
   */
  keepPaths?: boolean | undefined
  /**
   * Chooses the object key. By default `<prefix><id>/<name>`. A function, which may throw
   * a `SignerError`, or a template for what comes after the prefix, as `{date}/{id}{ext}`. It knows
   * `{id}`, `{batch}`, `{name}`, `{ext}` (with its dot), `{path}`, `{user}`, and in UTC `{date}`,
   * `{year}`, `{month}`, `{day}`.
   */
  key?: string | ((input: KeyInput) => Awaitable<string>) | undefined
  /**
   * Which files are accepted, as in `<input accept>`: `image/*`, `application/pdf`, `.pdf`. Both the
   * name and the type are the client's claim, so this keeps out mistakes rather than attacks.
   */
  accept?: string | readonly string[] | undefined
  /** Smallest file, in bytes or as `"1kB"`. 0 by default. */
  minSize?: number | string | undefined
  /**
   * Largest file, in bytes or as `"25MB"`. `"5GB"` by default, which is what one PUT carries; larger
   * files go up in parts.
   */
  maxSize?: number | string | undefined
  /** Lifetime of an upload URL, in seconds or as `"15m"`, which is the default. */
  uploadExpires?: number | string | undefined
  /** Longest lifetime of a download URL, in seconds or as `"1h"`, which is the default. */
  downloadExpires?: number | string | undefined
  /**
   * A checksum that every upload must carry besides its MD5, for the bucket to check and to keep with
   * the object: `crc32c`, `crc64nvme`, `sha256` and so on. None by default. A browser that cannot
   * compute it then uploads nothing.
   */
  checksum?: ChecksumAlgorithm | undefined
  /** Whether download URLs save the file or show it. `attachment` by default. */
  disposition?: Disposition | undefined
  /**
   * What the bucket keeps along with each object, or a function that says so for each file, and may
   * throw a `SignerError`.
   */
  store?: StoreOptions | StoreFunction | undefined
  /**
   * `false` never replaces an object: the bucket is sent `If-None-Match: *`. For providers that are
   * known to take it. `true` by default.
   */
  overwrite?: boolean | undefined
  /**
   * What download links are: `presigned()`, which is the default, `linkshare({ accessKeyId })`,
   * `publicUrl()`, `qencodeCdn()`, or a function that makes them.
   */
  links?: Links | LinkFunction | undefined
  /**
   * Origins of the pages that may call the signer from elsewhere: a list, `"*"`, or a function. By
   * default only pages of the signer's own host. Behind a proxy that changes `Host`, name them here.
   */
  origins?: Origins | undefined
  /** Hears about unexpected errors. By default their message is logged, without URLs and secrets. */
  onError?: ((error: unknown) => void) | undefined
  /** Sends the signer's own requests to the bucket. The global `fetch` by default. */
  fetch?: Fetch | undefined
  /** The clock, for tests. */
  now?: (() => Date) | undefined
}

/** A checked configuration. */
export interface Settings extends Hooks {
  bucket: Bucket
  secrets: readonly string[]
  authorize: NonNullable<SignerConfig['authorize']>
  key: (input: KeyInput) => Awaitable<string>
  accept: string | readonly string[]
  /** Bytes. */
  minSize: number
  /** Bytes. */
  maxSize: number
  /** Seconds. */
  uploadExpires: number
  /** Seconds. */
  downloadExpires: number
  checksum: ChecksumAlgorithm | undefined
  disposition: Disposition
  link: LinkFunction
  /** Whether links may lead to the object as it is stored, without a disposition of their own. */
  hasPlainLinks: boolean
  store: StoreFunction
  overwrite: boolean
  allowsOrigin: (origin: string) => boolean
  /** Never throws. */
  onError: (error: unknown) => void
  fetch: Fetch
  now: () => Date
}

/**
 * Checks a configuration and fills in the defaults.
 *
 * @throws {Error} with a sentence that names the option which is missing or wrong
 */
export function readConfig(config: SignerConfig): Settings {
  if (!config?.bucket)
    throw new Error('"bucket" is missing: make it with storj, qencode, ibmCos or s3.')
  const bucket = checkBucket(config.bucket)
  const secrets = readSecrets(config.secret, bucket)
  const minSize = readOption('minSize', config.minSize ?? 0, parseSize)
  const maxSize = readOption('maxSize', config.maxSize ?? '5GB', parseSize)
  if (minSize > maxSize) throw new Error('"minSize" must not be larger than "maxSize".')
  const links = config.links ?? presigned()
  const disposition = config.disposition ?? 'attachment'
  if (disposition !== 'attachment' && disposition !== 'inline') {
    throw new Error('"disposition" must be "attachment" or "inline".')
  }
  const onError = withoutThrowing(
    config.onError ?? logWithout([bucket.secretAccessKey, bucket.accessKeyId, ...secrets]),
  )
  return {
    bucket,
    secrets,
    minSize,
    maxSize,
    disposition,
    link: readLinks(bucket, links),
    hasPlainLinks: typeof links === 'function' || links.signed !== true,
    store: readStore(bucket, config.store),
    overwrite: readOverwrite(bucket, config.overwrite),
    uploadExpires: readLifetime(bucket, 'uploadExpires', config.uploadExpires ?? '15m'),
    downloadExpires: readLifetime(bucket, 'downloadExpires', config.downloadExpires ?? '1h'),
    checksum: checkChecksum(bucket, config.checksum),
    authorize: config.authorize ?? (() => ({})),
    key: readKey(config),
    accept: config.accept ?? [],
    allowsOrigin: readOrigins(config.origins ?? []),
    ...readHooks(config, onError),
    onError,
    // Looked up at each call, and called without a "this", which edge workers insist on.
    fetch: (url, init) => (config.fetch ?? globalThis.fetch)(url, init),
    now: config.now ?? (() => new Date()),
  }
}

function readSecrets(secret: SignerConfig['secret'], bucket: Bucket): readonly string[] {
  if (secret === undefined) return [bucket.secretAccessKey]
  const secrets = typeof secret === 'string' ? [secret] : [...secret]
  const isLong = (each: unknown) => typeof each === 'string' && each.length >= 16
  if (secrets.length > 0 && secrets.every(isLong)) return secrets
  throw new Error('"secret" must have at least 16 characters, and so must each in a list.')
}

function readKey({ key, keepPaths, overwrite }: SignerConfig): Settings['key'] {
  if (key !== undefined && keepPaths) {
    throw new Error('"key" and "keepPaths" exclude each other.')
  }
  if (key === undefined) return keepPaths ? keyWithPath : keyWithName
  return typeof key === 'string' ? keyFromTemplate(key, overwrite === false) : key
}

function readOption<V>(option: string, value: V, read: (value: V) => number): number {
  try {
    return read(value)
  } catch (error) {
    throw new RangeError(`"${option}": ${error instanceof Error ? error.message : error}`)
  }
}

function readLifetime(bucket: Bucket, option: string, value: number | string): number {
  const seconds = readOption(option, value, parseDuration)
  checkExpiresIn(bucket, option, seconds)
  return seconds
}

function readStore(bucket: Bucket, store: SignerConfig['store']): StoreFunction {
  if (typeof store === 'function') return store
  if (store !== undefined) toHeaders(store, bucket, 'a')
  return () => store
}

function readOverwrite(bucket: Bucket, overwrite: boolean | undefined): boolean {
  if (overwrite !== false || bucket.conditionalPut) return overwrite !== false
  const remedy =
    bucket.provider === 's3' ? ' Where the server does, say "conditionalPut: true".' : ''
  throw new Error(`"overwrite": ${bucket.provider} is not known to take "If-None-Match".${remedy}`)
}

function readLinks(bucket: Bucket, links: Links | LinkFunction): LinkFunction {
  if (typeof links === 'function') return links
  if (typeof links.open === 'function') return links.open(bucket)
  throw new Error(
    '"links" must be presigned(), linkshare(), publicUrl(), qencodeCdn() or a function.',
  )
}

/** A broken hook must not turn an answer into a rejection. */
function withoutThrowing(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error)
    } catch {
      // Nobody is left to be told.
    }
  }
}

/** Logs messages only: a stack or a presigned URL in a log is a way in for whoever reads the log. */
function logWithout(secrets: string[]): (error: unknown) => void {
  return (error) => {
    let message = error instanceof Error ? error.message : String(error)
    for (const secret of secrets) message = message.replaceAll(secret, '[secret]')
    console.error(`bucket-upload signer: ${message.replace(/https?:\/\/\S+/g, '[url]')}`)
  }
}
