/** What the operations of a signer work with: its checked options, and one call. Types only. */
import type { ChecksumAlgorithm } from '../../protocol/index.ts'
import type { Awaitable } from '../../util/awaitable.ts'
import type { Bucket, Keys } from './bucket.ts'
import type { Authorize, Call, Caller } from './caller.ts'
import type { CountedBy, Counter } from './counter.ts'
import type { Disposition } from './object-options.ts'
import type { Fetch, Hooks, KeyInput, LinkFunction, ObjectOptionsFunction } from './options.ts'

interface GrantedObject {
  /** Object key. */
  key: string
  /** The name under which the file is saved. */
  name: string
  /** Size in bytes. */
  size: number
  /** Media type. */
  type: string
  /** How the page has encoded it. */
  encoding?: 'gzip'
  /** Another file may have this key too, so there is no link before this one is confirmed. */
  shared?: true
  /** By what the file is counted; absent without limits. */
  claim?: string
  /** When it ends, in seconds since 1970. */
  expires: number
}

/** Entitles its bearer to links to one uploaded file, and to put that same file again. */
export interface FileGrant extends GrantedObject {
  purpose: 'file'
  /** Stands for the metadata that came with the file; absent if there was none. */
  meta?: string
  /** Issued after the file was stored: it signs no more writes. */
  done?: true
  /** The site works on the file: the id that `onUploaded` returned, or "". Only then `status` is answered. */
  processing?: string
  /** With `processing`: what the bucket had before, if the person can take it back once the work is over. */
  stored?: StoredVersion
}

/** Entitles its bearer to store the parts of one multipart upload, and to complete or abort it. */
export interface MultipartGrant extends GrantedObject {
  purpose: 'multipart'
  /** The bucket's name for the upload. */
  uploadId: string
  /** Bytes of each part but the last. */
  partSize: number
  /** Its length is not known yet, and `size` is the most that it may have. */
  isStream?: true
  /** It was asked for again: another `create` for the same key may begin, or has begun, another upload. */
  isAgain?: true
  /** Which checksum each part needs, as the bucket was told when the upload began. */
  checksum?: ChecksumAlgorithm
}

/** Entitles its bearer to remove one object, as long as it is the very one that was there. */
export interface DiscardGrant extends StoredVersion {
  purpose: 'discard'
  /** Object key. */
  key: string
  /** When it ends, in seconds since 1970. */
  expires: number
}

/** What tells one object at a key from those before and after it, as the bucket has told it. */
export interface StoredVersion {
  /** Entity tag without quotes. */
  etag: string
  /** `Last-Modified`: the same bytes have the same ETag, whoever stores them. */
  modified: string
  /** The bucket's name for it, in a bucket that keeps versions. */
  version?: string
}

/** What a grant entitles to. The purpose keeps one kind from being used as another. */
export type Grant = FileGrant | MultipartGrant | DiscardGrant

/** Who brings a grant. */
export interface Bearer {
  /** `null` for an anonymous caller. */
  user: string | null
  prefix: string
  now: Date
}

/** Issues and checks the grants of one route, or of a signer without routes, under one secret. */
export interface Grants {
  /** Writes a grant for one user as opaque text. */
  issue(grant: Grant, user: string | null): string
  /** 32 hexadecimal digits: the same for the same user and values, and for no others. */
  idOf(values: readonly (string | number)[], user: string | null): string
  /**
   * Stands for metadata; `undefined` for none.
   *
   * @param token a grant with the tag to compare it with; it may be signed with an older secret
   */
  tagOf(meta: Readonly<Record<string, string>>, token?: string): string | undefined
  /** The route of a genuine grant, also of another one; `undefined` for none, and for any other text. */
  routeOf(token: string): string | undefined
  /**
   * Reads a grant and checks that it is genuine, has not expired, and is meant for this route and for
   * that user, prefix and purpose.
   *
   * @throws {SignerError} `invalid-grant`
   */
  read<P extends Grant['purpose']>(
    token: string,
    bearer: Bearer,
    purpose: P,
  ): Extract<Grant, { purpose: P }>
}

/** Writes receipts under one secret. */
export interface Receipts {
  /** @param expires when it ends, in seconds since 1970 */
  issue(statement: ReceiptStatement, expires: number): string
}

/** What a receipt states. */
export interface ReceiptStatement {
  /** Name of the bucket. */
  bucket: string
  key: string
  /** The name of the file, as the person has chosen it. */
  name: string
  /** Bytes, as the bucket says. */
  size: number
  /** Media type, as the bucket says. */
  type: string
  /** Entity tag without quotes, as the bucket says; "" if it names none. */
  etag: string
  /** The user, if `authorize` named one. */
  user?: string | undefined
  /** The route, if the signer has routes. */
  route?: string | undefined
}

/** A checked limit on how much may be uploaded. */
export interface ReadLimit {
  per: readonly CountedBy[]
  /** The route that it holds for; `undefined` for all. */
  route: string | undefined
  counts: 'files' | 'bytes'
  limit: number
  /** Seconds; `undefined` for one in all. */
  window: number | undefined
}

/** The limits on how much may be uploaded, and who counts. */
export interface Counting {
  limits: readonly ReadLimit[]
  counter: Counter
}

/** The checked options that are the same for all buckets of a signer. */
export interface SharedSettings extends Hooks {
  authorize: Authorize
  key: (input: KeyInput) => Awaitable<string>
  accept: string | readonly string[]
  acceptEncoding: 'gzip' | undefined
  /** Bytes. */
  minSize: number
  /** Bytes. */
  maxSize: number
  /** Seconds. */
  uploadExpires: number
  /** Seconds. */
  downloadExpires: number
  disposition: Disposition
  /** Whether links may lead to the object as it is stored, without a disposition in the URL. */
  hasPlainLinks: boolean
  overwrite: boolean
  /** Seconds; `undefined` for no receipts. */
  receiptExpires: number | undefined
  /** Seconds; `undefined` where nothing can be taken back. */
  discardExpires: number | undefined
  /** Whether each object is tagged so that it expires unless it is kept. */
  expireUnkept: boolean
  /** `undefined` without limits. */
  counting: Counting | undefined
  /** Whether all files are the site's own, and may be shown whatever their type. */
  isOwn: boolean
  allowsOrigin: (origin: string) => boolean
  /** Never throws. */
  onError: (error: unknown) => void
  fetch: Fetch
  now: () => Date
}

/** The checked options, for one bucket. */
export interface Settings extends SharedSettings {
  bucket: Bucket
  /** The same bucket by its other name, if parts may go there too. */
  otherName: Bucket | undefined
  grants: Grants
  checksum: ChecksumAlgorithm | undefined
  link: LinkFunction
  objectOptions: ObjectOptionsFunction
  /** Writes receipts. */
  receipts: Receipts
}

/** The checked options for one bucket, with those of each route. */
export interface BucketSettings extends Settings {
  /** Empty for a signer without routes. */
  routes: ReadonlyMap<string, Settings>
  /** The route of files for which the page names none. */
  defaultRoute: string | undefined
}

/** The checked options of a signer. */
export interface SignerSettings extends SharedSettings {
  /** The settings for the bucket of a caller. */
  settingsOf(caller: Caller): Awaitable<BucketSettings>
}

/** What one caller may upload. */
export interface Limits {
  /** Bytes. */
  minSize: number
  /** Bytes. */
  maxSize: number
  /** A file must be in each of these lists. */
  accept: readonly (string | readonly string[])[]
  /** How many objects there may be below the caller's prefix; `undefined` for any number. */
  maxFiles: number | undefined
}

/** How many more files a caller may upload, shared by all requests of one call. */
export interface Quota {
  left: number
}

/** What is the same for all requests of one call by one route. */
export interface RequestContext {
  settings: Settings
  /** What the hooks get of the call. */
  call: Call
  /** `null` for an anonymous caller. */
  user: string | null
  /** "" or a prefix that ends with "/". */
  prefix: string
  limits: Limits
  /** The keys that sign links and lists. */
  keys: Keys
  /** The keys that sign uploads. */
  uploadKeys: Keys
  /** The same for all routes of a call. */
  shared: SharedByRoutes
  now: Date
}

/** What the routes of one call share. */
export interface SharedByRoutes {
  /** As `authorize` returned it. */
  caller: Caller
  settings: BucketSettings
  /** The contexts of the routes that were needed so far. */
  routes: Map<string, RequestContext>
  /** Counted when it is first needed. */
  quota?: Promise<Quota>
}

/** An object that may be stored. */
export interface NewObject {
  key: string
  /** The name under which it is saved. */
  name: string
  /** Bytes. */
  size: number
  /** Media type. */
  type: string
  /** How the page has encoded it. */
  encoding?: 'gzip'
  /** Whether another file may have the key too: then the object there need not be this file. */
  shared?: true
  /** By what it is counted: one text for each upload, whatever its key. Absent without limits. */
  claim?: string
}
