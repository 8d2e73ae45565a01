/** What `createSigner` takes, and what it hands to the functions that it is given. Types only. */
import type { ChecksumAlgorithm, FileDescription } from '../../protocol/index.ts'
import type { Awaitable } from '../../util/awaitable.ts'
import type { Bucket } from './bucket.ts'
import type { CallSize } from './call-size.ts'
import type { Authorize, Call, Caller, RouteName } from './caller.ts'
import type { Counter, UploadLimit } from './counter.ts'
import type { DiscardedObject } from './discarded-object.ts'
import type { Link } from './link.ts'
import type { LogEntry } from './log-entry.ts'
import type { Disposition, ObjectOptions } from './object-options.ts'
import type { ProcessedFile, ProcessingStatus, Uploaded } from './processing.ts'

/** Sends one request, as the global `fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Which origins may call the signer: a list, all of them, or a function that decides. */
export type Origins = '*' | readonly string[] | ((origin: string) => boolean)

/** What `key` may build a key from. */
export interface KeyInput<Context = unknown, Route extends string = string>
  extends Call<Context, Route> {
  /** 32 random hexadecimal digits, new for each upload. */
  id: string
  /** The file's name, safe to use in a key. */
  name: string
  /** The file's path inside a dropped folder, safe to use in a key; otherwise its name. */
  path: string
  /** What the client said about the file, unchecked except for its size and type. Of a stream, `size` is the most that it may have. */
  file: FileDescription
  /**
   * 32 hexadecimal digits: the same for files that one user added together, and for no others. The
   * same as `id` if the client does not say which those are.
   */
  batch: string
  /** The user's prefix with a "/" at its end, or "". The key must begin with it. */
  prefix: string
  /** The day by the signer's clock in UTC, as `2026-11-24`. */
  date: string
  /** What the page sent along, unchecked. */
  meta: Record<string, string>
}

/** A file that is about to be stored. */
export interface StoredFile<Context = unknown, Route extends string = string>
  extends Call<Context, Route> {
  /** Object key. */
  key: string
  /** Its name, size in bytes and media type, as they were checked. Of a stream the most bytes that it may have. */
  file: { name: string; size: number; type: string }
  /** What the page sent along, unchecked. */
  meta: Record<string, string>
}

/** Says what is kept along with a file. */
export type ObjectOptionsFunction<Context = unknown, Route extends string = string> = (
  file: StoredFile<Context, Route>,
) => Awaitable<ObjectOptions | null | undefined>

/** An object that is in the bucket, as a HEAD has shown. */
export interface UploadedObject<Context = unknown, Route extends string = string>
  extends Omit<StoredFile<Context, Route>, 'meta'> {
  /** Entity tag without quotes, or "" if the bucket names none. */
  etag: string
}

/** An object to which a link is wanted. */
export interface LinkRequest<Context = unknown, Route extends string = string>
  extends Omit<Call<Context>, 'route'> {
  /** Object key. */
  key: string
  file: {
    /** The file name under which browsers save it. */
    name: string
    /** Media type; `undefined` for a link by key, where it is not known. */
    type: string | undefined
  }
  /** The route of the file; `undefined` without one, and for a link by key. */
  route: RouteName<Route> | undefined
  /** Whether the link is to save the file or to show it. `inline` only for what is harmless. */
  disposition: Disposition
  /** Lifetime in seconds, for a link that has one: never above `downloadExpires`. */
  expiresIn: number
  /** The signer's clock. */
  now: Date
}

/** Makes one link. A bare text is a link that does not expire. It may throw a `SignerError`. */
export type LinkFunction<Context = unknown, Route extends string = string> = (
  object: LinkRequest<Context, Route>,
) => Awaitable<Link | string>

/** A kind of link: made by `presigned`, `linkshare`, `publicUrl` or `qencodeCdn`. */
export interface LinkKind {
  /**
   * Gets ready for one bucket.
   *
   * @throws {Error} when there are no such links to that bucket, with what to use instead
   */
  open(bucket: Bucket): LinkFunction
  /** Whether the signature decides the file's name, and whether it is saved or shown. */
  signed?: true
}

/** The hooks of a signer, all optional. */
export interface Hooks<Context = unknown, Route extends string = string> {
  /**
   * Called before an upload is allowed: its key is chosen, but nothing is signed yet. It is waited for,
   * and may throw a `SignerError` to refuse. If a try is repeated, it may be called again with the same
   * key.
   */
  onSigned?: ((file: StoredFile<Context, Route>) => Awaitable<void>) | undefined
  /**
   * Called when a file is in the bucket and a HEAD has confirmed its size and type: after `complete`,
   * and for a file in one piece when its page asks for the link. With this hook `put` therefore answers
   * without a link. A page that is closed too early never asks. It is waited for.
   *
   * Called at least once per object: deduplicate by `key`.
   *
   * It may return `data` for the page, and say that the site goes on `processing` the file.
   *
   * @example async ({ key }) => ({ data: { id: await save(key) }, processing: true })
   */
  onUploaded?:
    | ((
        object: UploadedObject<Context, Route>,
      ) => Awaitable<Uploaded | undefined> | Awaitable<void>)
    | undefined
  /**
   * Says how far the site is with a file of which `onUploaded` returned `processing`: `{ progress: 0.4 }`,
   * `{ done: true }` or `{ failed: 'A sentence for people.' }`. Called each time its page asks, every few
   * seconds, and whenever the link is renewed.
   */
  status?:
    | ((file: ProcessedFile<Context, Route>) => Awaitable<ProcessingStatus | undefined>)
    | undefined
  /**
   * Called before a person takes a file back. It is waited for, and may throw a `SignerError` to keep it.
   */
  onDiscard?: ((object: DiscardedObject<Context, Route>) => Awaitable<void>) | undefined
  /**
   * Returns for how many seconds the caller must wait, which is answered with 429, or nothing to let
   * the call through.
   */
  rateLimit?: ((call: CallSize<Context>) => Awaitable<number | null | undefined>) | undefined
  /** Called with each call once it is answered. */
  log?: ((entry: LogEntry) => void) | undefined
}

/** The rules for uploads, which each route may have of its own. */
export interface RouteOptions<Context = unknown, Route extends string = string>
  extends Pick<Hooks<Context, Route>, 'onSigned' | 'onUploaded' | 'status' | 'onDiscard'> {
  /**
   * Keeps folders as they are: the key is `<prefix><batch>/<path>`, and files that were added together
   * have the same random `batch`. Not together with `key`.
   *
   * @default false
   */
  keepPaths?: boolean | undefined
  /**
   * Chooses the object key. A function, which may throw a `SignerError`, or a template for what comes
   * after the prefix. A template knows `{id}`, `{batch}`, `{name}`, `{ext}` (with its dot), `{path}`,
   * `{user}`, `{route}`, and in UTC `{date}`, `{year}`, `{month}`, `{day}`.
   *
   * @default `<prefix><id>/<name>`
   * @example '{date}/{id}{ext}'
   */
  key?: string | ((input: KeyInput<Context, Route>) => Awaitable<string>) | undefined
  /**
   * Which files are accepted, as in `<input accept>`: `image/*`, `application/pdf`, `.pdf`. The client
   * chooses both name and type, so this keeps out mistakes rather than attacks.
   *
   * @default every file
   */
  accept?: string | readonly string[] | undefined
  /**
   * `gzip` takes files that the page has compressed (`<bucket-upload compress>`), and stores that as
   * their `Content-Encoding`. All sizes are then those of the compressed bytes.
   *
   * @default files as they are
   */
  acceptEncoding?: 'gzip' | undefined
  /**
   * Smallest file, in bytes or as `"1kB"`.
   *
   * @default 0
   */
  minSize?: number | string | undefined
  /**
   * Largest file, in bytes or as `"25MB"`. One PUT carries 5 GB at most; larger files go up in parts.
   *
   * @default '5GB'
   */
  maxSize?: number | string | undefined
  /**
   * A checksum that every upload must carry besides its MD5, for the bucket to check and to keep with
   * the object: `crc32c`, `crc64nvme`, `sha256` and so on. A browser that cannot compute it then
   * uploads nothing.
   *
   * @default none
   */
  checksum?: ChecksumAlgorithm | undefined
  /**
   * What the bucket keeps along with each object, or a function that says so for each file, and may
   * throw a `SignerError`.
   *
   * @example { cacheControl: 'public, max-age=31536000, immutable' }
   */
  objectOptions?: ObjectOptions | ObjectOptionsFunction<Context, Route> | undefined
  /**
   * `false` never replaces an object: the bucket is sent `If-None-Match: *`. Only for providers that
   * are known to honor it.
   *
   * @default true
   */
  overwrite?: boolean | undefined
  /**
   * How long a receipt is good: a signed statement of what is stored, which a form sends with
   * `form-value="receipt"` and `readReceipt` checks. In seconds or as `"1d"`. With receipts, as with
   * `onUploaded`, a HEAD confirms each file, and `put` answers without a link.
   *
   * @default no receipts
   */
  receiptExpires?: number | string | undefined
  /**
   * For how long people can have a file deleted that they have uploaded, in seconds or as `"1h"`; by
   * default not at all. As with receipts, a HEAD confirms each file.
   */
  discardExpires?: number | string | undefined
  /**
   * Tags each object, so that a rule of the bucket (`bucket-upload lifecycle apply`) expires it, unless your
   * back end calls `keep`. By default it does not.
   */
  expireUnkept?: boolean | undefined
}

/** What `createSigner` takes. */
export interface SignerConfig<Context = unknown, Route extends string = string>
  extends Hooks<Context, Route>,
    RouteOptions<Context, Route> {
  /**
   * Where the files go: made by `storj`, `qencode`, `ibmCos` or `s3`. Or a function that returns the
   * bucket of a caller, for tenants and regions; return the same object for the same bucket.
   */
  bucket: Bucket | ((caller: Caller<Context>) => Awaitable<Bucket>)
  /**
   * Signs the grants; at least 16 characters, and the same for all copies of a signer. Needed unless
   * there is one bucket with fixed keys. A list replaces a secret while uploads run: the first one
   * signs, and grants signed with the others stay valid. A grant lasts a week at most; then drop the
   * old one.
   *
   * @default derived from the secret key of the bucket
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
  authorize: Authorize<Context> | 'everybody'
  /**
   * Kinds of uploads with rules of their own, by name. The page says which (`<bucket-upload
   * route="avatar">`), and a file of no route is refused. What a route says takes the place of what the
   * signer says; the rest is the same for all. Write it below `authorize`, whose `context` then has its
   * type in the hooks.
   *
   * @example { avatar: { accept: 'image/*', maxSize: '5MB' }, film: { accept: 'video/*', maxSize: '50GB' } }
   */
  routes?: { readonly [Name in Route]: RouteOptions<Context, Name> } | undefined
  /**
   * The route of files for which the page names none.
   *
   * @default none: they are refused
   */
  defaultRoute?: NoInfer<Route> | undefined
  /**
   * How much may be uploaded: files and bytes, in a time or in all, by user, route or address. What is
   * signed is taken of each limit, and given back if it is aborted, fails or is never stored.
   *
   * @example [{ per: 'user', bytes: '1GB', every: '1d' }, { per: 'address', files: 60, every: '1m' }]
   * @default no limits
   */
  limits?: readonly UploadLimit[] | undefined
  /**
   * What counts for `limits`. Where there are several copies of the signer: `redisCounter(client)`,
   * `postgresCounter(pool)` or `durableObjectCounter(binding)`.
   *
   * @default memoryCounter(), which counts for this copy alone
   */
  counter?: Counter | undefined
  /**
   * Lifetime of an upload URL, in seconds or as `"30m"`.
   *
   * @default '15m'
   */
  uploadExpires?: number | string | undefined
  /**
   * Longest lifetime of a download URL, in seconds or as `"30m"`.
   *
   * @default '1h'
   */
  downloadExpires?: number | string | undefined
  /**
   * Whether download URLs save the file or show it. Always `attachment` for types that are not known
   * to be harmless: images except SVG, audio, video, PDF and plain text are.
   *
   * @default 'attachment'
   */
  disposition?: Disposition | undefined
  /**
   * What download links are: `presigned()`, `linkshare({ accessKeyId })`, `publicUrl()`,
   * `qencodeCdn()`, or a function that makes them.
   *
   * @default presigned()
   */
  links?: LinkKind | LinkFunction<Context, Route> | undefined
  /**
   * Origins of the pages that may call the signer from elsewhere: a list, `"*"`, or a function. Behind
   * a proxy that changes `Host`, name them here.
   *
   * @default pages of the signer's own host only
   */
  origins?: Origins | undefined
  /**
   * Called with unexpected errors.
   *
   * @default logs their message, without URLs and secrets
   */
  onError?: ((error: unknown) => void) | undefined
  /**
   * Sends the signer's own requests to the bucket.
   *
   * @default the global `fetch`
   */
  fetch?: Fetch | undefined
  /**
   * The clock, for tests.
   *
   * @default () => new Date()
   */
  now?: (() => Date) | undefined
}
