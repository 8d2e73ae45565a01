import type { SignerRequest, SignerResponse } from '../../protocol/index.ts'

/** Defaults of the options below. Sizes in bytes, times in ms. */
export const DEFAULT_SIGNER_TIMEOUT = 30_000
export const DEFAULT_MULTIPART_THRESHOLD = 16 * 2 ** 20
export const DEFAULT_RETRY_FOR = 120_000
/** Browsers open six connections to one host over HTTP/1.1. */
export const DEFAULT_LIMIT = 6
export const DEFAULT_STALL_TIMEOUT = 30_000

/** A signer in the page. Answers each request by its `id`; may throw. */
export type SignerFunction = (
  requests: SignerRequest[],
  options: { signal: AbortSignal },
) => SignerResponse[] | Promise<SignerResponse[]>

/** How to reach the signer. */
export interface SignerOptions {
  /** URL of the signer, relative to the page or absolute, or a function. */
  signer?: string | URL | SignerFunction | undefined
  /** Headers for the signer, or a function that returns them for each call (for a token that changes). */
  signerHeaders?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /**
   * Whether cookies are sent to a signer of another origin, as in `fetch`.
   *
   * @default 'same-origin'
   */
  signerCredentials?: RequestCredentials | undefined
  /**
   * How long to wait for an answer, in ms.
   *
   * @default 30_000
   */
  signerTimeout?: number | undefined
  /** Name of the kind of upload, for a signer that has `routes`. A file keeps the one that it began with. */
  route?: string | undefined
  /**
   * Uploads of one scope are not resumed in another, for example the id of the signed-in user. Uploads
   * through another signer URL never are. Set it where `signer` is a function and more than one person
   * or page uses the browser.
   */
  resumeScope?: string | undefined
}

/** What users may upload. This helps them and protects nothing: the signer decides. */
export interface Restrictions {
  /** Accepted types, as in the `accept` attribute of a file input: `image/*,.pdf`. */
  accept?: string | undefined
  /** Largest number of files, including those in the list. */
  maxFiles?: number | undefined
  /**
   * Number of files that count for `maxFiles` but are not in the list.
   *
   * @default 0
   */
  existingFiles?: number | undefined
  /** Smallest size of a file, in bytes. */
  minSize?: number | undefined
  /** Largest size of a file, in bytes. */
  maxSize?: number | undefined
  /** Largest size of all files together, in bytes. */
  maxTotalSize?: number | undefined
}

/** Options of the engine. May be changed at any time; applies to later requests. */
export interface UploadEngineOptions extends SignerOptions, Restrictions {
  /**
   * Whether files wait for `start()` instead of being uploaded at once.
   *
   * @default false
   */
  manual?: boolean | undefined
  /**
   * In which order files that were added together are uploaded. Small files go before those that are
   * uploaded in parts in either case.
   *
   * @default 'smallest-first'
   */
  order?: 'smallest-first' | 'as-added' | undefined
  /**
   * Whether the position, the names and all other metadata are taken out of photos before they are
   * uploaded: out of JPEG, PNG, WebP, HEIC and AVIF. Their pixels, orientation and color profile stay as
   * they are. A photo of which that is not certain fails with `metadata-not-removed`.
   *
   * @default false
   */
  stripMetadata?: boolean | undefined
  /**
   * Whether texts are compressed with gzip before they are uploaded: text, JSON, XML, SVG, JavaScript and
   * the like, from 1 kB to 256 MB, where that makes them smaller. The signer has to allow it by
   * `acceptEncoding`. Without CompressionStream files are uploaded as they are.
   *
   * @default false
   */
  compress?: boolean | undefined
  /** Sent to the signer with each file that is added. What `add` says of a file goes before it. */
  meta?: Record<string, string> | undefined
  /** A folder to put before the path of each added file: `invoices/2026`. The signer may use it. */
  prefix?: string | null | undefined
  /** Requested lifetime of download links, in seconds. The signer may shorten it. */
  linkExpires?: number | undefined
  /**
   * Files larger than this are uploaded in parts, if the signer supports it. In bytes.
   *
   * @default 16 * 2 ** 20
   */
  multipartThreshold?: number | undefined
  /**
   * Whether the bucket verifies the MD5 of everything that is sent. A checksum that the signer
   * requires is sent in either case.
   *
   * @default 'md5'
   */
  integrity?: 'md5' | 'off' | undefined
  /**
   * Whether multipart uploads are stored in the browser, so that they can continue after a reload.
   *
   * @default true
   */
  resume?: boolean | undefined
  /**
   * Whether the browser asks before people leave the page, while bytes would be lost: of a file that is
   * sent in one piece, or of an upload that cannot be resumed. It asks only people who have used the page.
   *
   * @default 'on'
   */
  leaveWarning?: 'on' | 'off' | undefined
  /**
   * Whether the screen stays on while bytes are sent. Phones stop a page soon after the screen is off.
   *
   * @default 'on'
   */
  wakeLock?: 'on' | 'off' | undefined
  /**
   * How long to retry before a file fails, in ms. What has never worked fails after two retries.
   *
   * @default 120_000
   */
  retryFor?: number | undefined
  /**
   * Largest number of requests at the same time. A change applies as soon as one of them ends.
   *
   * @default 6
   */
  limit?: number | undefined
  /**
   * How many bytes a second may be sent on average, all files together. A browser cannot slow a request
   * down, so each is sent at the speed of the line, and the next one waits.
   *
   * @default no limit
   */
  maxSpeed?: number | undefined
  /**
   * How long a request may make no progress before it is retried, in ms.
   *
   * @default 30_000
   */
  stallTimeout?: number | undefined
}
