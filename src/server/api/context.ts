/** What the operations of a signer work with: its checked options, and one call. Types only. */
import type { ChecksumAlgorithm } from '../../protocol/index.ts'
import type { Awaitable } from '../../util/awaitable.ts'
import type { Bucket, Keys } from './bucket.ts'
import type {
  Authorize,
  Caller,
  Disposition,
  Fetch,
  Hooks,
  KeyInput,
  LinkFunction,
  StoreFunction,
} from './options.ts'

interface GrantedObject {
  /** Object key. */
  key: string
  /** The name under which the file is saved. */
  name: string
  /** Size in bytes. */
  size: number
  /** Media type. */
  type: string
  /** Another file may have this key too, so there is no link before this one is confirmed. */
  shared?: true
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
  /** Which checksum each part needs, as the bucket was told when the upload began. */
  checksum?: ChecksumAlgorithm
}

/** What a grant entitles to. The purpose keeps one kind from being used as another. */
export type Grant = FileGrant | MultipartGrant

/** Who brings a grant. */
export interface Bearer {
  /** `null` for an anonymous caller. */
  user: string | null
  prefix: string
  now: Date
}

/** Issues and checks grants under one secret. */
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
  /**
   * Reads a grant and checks that it is genuine, has not expired, and is meant for that user, prefix
   * and purpose.
   *
   * @throws {SignerError} `invalid-grant`
   */
  read<P extends Grant['purpose']>(
    token: string,
    bearer: Bearer,
    purpose: P,
  ): Extract<Grant, { purpose: P }>
}

/** The checked options that are the same for all buckets of a signer. */
export interface SharedSettings extends Hooks {
  authorize: Authorize
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
  disposition: Disposition
  /** Whether links may lead to the object as it is stored, without a disposition in the URL. */
  hasPlainLinks: boolean
  overwrite: boolean
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
  store: StoreFunction
}

/** The checked options of a signer. */
export interface SignerSettings extends SharedSettings {
  /** The settings for the bucket of a caller. */
  settingsOf(caller: Caller): Awaitable<Settings>
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

/** What is the same for all requests of one call. */
export interface RequestContext {
  settings: Settings
  /** `null` for an anonymous caller. */
  user: string | null
  /** "" or a prefix that ends with "/". */
  prefix: string
  limits: Limits
  /** The keys that sign links and lists. */
  keys: Keys
  /** The keys that sign uploads. */
  uploadKeys: Keys
  /** Counted when it is first needed. */
  quota?: Promise<Quota>
  now: Date
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
  /** Whether another file may have the key too: then the object there need not be this file. */
  shared?: true
}
