import type { ChecksumAlgorithm, FileDescription } from '../protocol/index.ts'
import type { Hooks } from './hooks.ts'
import type { Origins } from './http/cors.ts'
import type { Disposition } from './links/disposition.ts'
import type { LinkFunction, Links } from './links/strategies.ts'
import type { StoreFunction, StoreOptions } from './operations/stored-headers.ts'
import type { Bucket } from './providers/bucket.ts'

type Awaitable<T> = T | Promise<T>

/** Sends one request, as the global `fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Who calls the signer, as `authorize` says. */
export interface Caller {
  /** Identifies the user. A grant works only for the user that it was issued to. */
  user?: string | number | undefined
  /**
   * Where this user's objects are, for example `users/42/`. Every key begins with it, and links by
   * key are signed below it only. A missing "/" at its end is added, so that `users/4` does not open
   * `users/42/`.
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
   * 32 hexadecimal digits: the same for files that were added together by the same user, and for no
   * others; the `id` where the client does not say which those are.
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

/** Says who is calling; nothing for a caller who is refused. */
export type Authorize = (request: Request) => Awaitable<Caller | false | null | undefined>

/** What `createSigner` takes. */
export interface SignerConfig extends Hooks {
  /**
   * Where the files go: made by `storj`, `qencode`, `ibmCos` or `s3`. Or a function that returns the
   * bucket of a caller, for tenants and regions; return the same object for the same bucket.
   */
  bucket: Bucket | ((caller: Caller) => Awaitable<Bucket>)
  /**
   * Signs the grants; at least 16 characters, and the same for all copies of a signer. Derived from
   * the bucket's secret key when it is left out, which needs one bucket with fixed keys. A list replaces
   * a secret while uploads run: the first signs, and grants of the others still count. A grant lasts
   * a week at most; then drop the old one.
   */
  secret?: string | readonly string[] | undefined
  /**
   * What the grants are for, besides the bucket. Two signers with one bucket and secret take each
   * other's grants, unless their scopes differ.
   */
  scope?: string | undefined
  /**
   * Says who is calling, or returns nothing to refuse with 401. It may throw a `SignerError` to
   * refuse in another way. Read headers only, or clone the request. `'everybody'` lets anyone upload.
   */
  authorize: Authorize | 'everybody'
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
  /**
   * Whether download URLs save the file or show it. `attachment` by default, and always for what is
   * not known to be harmless: images but SVG, audio, video, PDF and plain text.
   */
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
  /** Told about unexpected errors. By default their message is logged, without URLs and secrets. */
  onError?: ((error: unknown) => void) | undefined
  /** Sends the signer's own requests to the bucket. The global `fetch` by default. */
  fetch?: Fetch | undefined
  /** The clock, for tests. */
  now?: (() => Date) | undefined
}
