/** A bucket and its access keys, as the presets take and make them. Types only. */
import type { ChecksumAlgorithm, PartRules } from '../../protocol/index.ts'
import type { ProviderId } from '../../s3/providers.ts'
import type { CorsSetting, Kept, LinkKindName, ObjectOption } from '../../s3/service-facts.ts'
import type { Awaitable } from '../../util/awaitable.ts'

/** How the bucket is named in a URL: `host/bucket/key`, or `bucket.host/key`. */
export type Addressing = 'path' | 'virtual-hosted'

/**
 * What gives a browser one more connection to a bucket that speaks HTTP/2: the other way to name the
 * bucket in a URL, or requests with credentials.
 */
export type LaneKind = 'addressing' | 'credentials'

/** Access keys, as a function of `credentials` returns them. */
export interface AccessKeys {
  accessKeyId: string
  /** Never leaves the signer. */
  secretAccessKey: string
  /** Comes with temporary keys, and is part of each URL that they sign. */
  sessionToken?: string | undefined
  /** When temporary keys end: a date, or its text in ISO 8601. No URL that they sign outlives them. */
  expiresAt?: Date | string | undefined
}

/**
 * Returns the access keys that are valid now. Called again 5 minutes before they end, or each minute if
 * they name no end.
 */
export type KeySource = () => Awaitable<AccessKeys>

/** Access keys that were checked. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they end, in ms since 1970. */
  readonly expiresAt?: number | undefined
}

/** Only presets make buckets. */
declare const madeByPreset: unique symbol

/**
 * A bucket, and all it takes to sign requests to it. Only the presets make one: `storj()`, `qencode()`,
 * `ibmCos()`, `s3()`. What is in it is no public API, and is left out of the published types.
 */
export interface Bucket {
  readonly [madeByPreset]: true
  /** @internal Whose it is. Only used in messages. */
  provider: ProviderId
  /** @internal The bucket's name. */
  bucket: string
  /** @internal Origin of the S3 API without the bucket, for example `https://s3.example.com`. */
  endpoint: string
  /** @internal Region in the signature's scope. */
  region: string
  /** @internal The keys that list, read and complete, and that sign links. They never leave the signer. */
  credentials: Keys | KeySource
  /** @internal The keys that sign uploads, if those are others. */
  uploadKeys?: Keys | KeySource | undefined
  /** @internal How the bucket is named in its URLs. */
  addressing: Addressing
  /** @internal Longest lifetime in seconds that the provider accepts for a presigned URL; `null` for no limit. */
  maxExpires: number | null
  /** @internal How to cut large files for this provider. */
  partRules: PartRules
  /** @internal Whether it takes forms with a POST policy, which store small files in half the time. */
  postPolicy: boolean
  /** @internal Whether it is known to honor `If-None-Match: *` with a PUT, and so never replaces an object. */
  conditionalPut: boolean
  /** @internal Whether its lifecycle rules are known to expire objects by their tags. */
  expiresByTag: boolean
  /** @internal What it is known to keep along with an object, besides what all do. */
  keeps: readonly Kept[]
  /** @internal What it is known to keep of the fields of a form. */
  keepsOfForm: readonly ObjectOption[]
  /** @internal Which kinds of links there are to its objects. */
  links: readonly LinkKindName[]
  /** @internal Whether and how its CORS rule can be set. */
  cors: CorsSetting
  /** @internal Whether plain HTTP is allowed even if `endpoint` is not on this computer. */
  allowHttp?: boolean | undefined
  /** @internal The checksums that the provider is known to check and to keep. */
  checksums: readonly ChecksumAlgorithm[]
  /**
   * @internal
   * Headers that are signed along with each PUT and each part, for servers that take headers which are
   * not signed: with them, a presigned URL can neither copy an object nor publish one.
   */
  guardHeaders: Readonly<Record<string, string>>
  /** @internal What parts may go by besides the first connection. */
  lanes?: readonly LaneKind[] | undefined
}

/** @internal What a preset makes a bucket of. */
export type BucketFields = Omit<Bucket, typeof madeByPreset>

/** @internal The keys of a bucket. */
export type KeyHolder = Pick<Bucket, 'credentials' | 'uploadKeys'>

/** What every preset takes. */
export interface BucketOptions {
  /** The bucket's name. */
  bucket: string
  /** The access key, together with `secretAccessKey`. Or give `credentials` instead of both. */
  accessKeyId?: string | undefined
  /** Keep it on the server. */
  secretAccessKey?: string | undefined
  /** Comes with temporary keys. Keys that are renewed need `credentials`. */
  sessionToken?: string | undefined
  /**
   * Returns the keys that are valid now, with `sessionToken` and `expiresAt` for temporary ones. Called
   * at the first use, and again 5 minutes before they end, or each minute if they name no end.
   *
   * @example async () => ({ accessKeyId, secretAccessKey, sessionToken, expiresAt })
   */
  credentials?: KeySource | undefined
  /**
   * Other keys that sign PUTs, forms and parts. If these can write but not read, a presigned URL cannot
   * copy an object, even on a server that takes headers which are not signed.
   *
   * @default the same keys as for everything else
   */
  uploadKeys?: AccessKeys | KeySource | undefined
  /**
   * How the bucket is named in its URLs.
   *
   * @default 'path'
   */
  addressing?: Addressing | undefined
  /**
   * Allows an `endpoint` by plain HTTP on another computer, although everyone on the way can then read
   * the files. On this computer plain HTTP is always allowed.
   *
   * @default false
   */
  allowHttp?: boolean | undefined
  /**
   * Headers that are signed along with each PUT and part, so that no other value can be sent. See
   * docs/security.md, "Unsigned headers".
   *
   * @default those that help on this server, and that it is known to take
   */
  guardHeaders?: Readonly<Record<string, string>> | undefined
  /**
   * For a server that speaks HTTP/2, to which a browser has one connection: more of them, for the parts of
   * large files. `addressing` also signs each part for the bucket's other name, in the path or in the host;
   * `credentials` says that the server answers pages with `Access-Control-Allow-Credentials: true`. A
   * lane that does not work is not used. `bucket-upload doctor` says what a bucket can have.
   *
   * @default none, as over HTTP/1.1 a browser has six connections anyway
   */
  lanes?: readonly LaneKind[] | undefined
}
