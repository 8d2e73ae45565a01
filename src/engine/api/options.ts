import type { SignerRequest, SignerResponse } from '../../protocol/index.ts'

/** What holds where an option is not set. Sizes in bytes, times in ms. */
export const DEFAULT_SIGNER_TIMEOUT = 30_000
export const DEFAULT_MULTIPART_THRESHOLD = 16 * 2 ** 20
export const DEFAULT_RETRY_FOR = 120_000
/** Six is the number of connections that a browser opens to one host over HTTP/1.1. */
export const DEFAULT_LIMIT = 6
export const DEFAULT_STALL_TIMEOUT = 30_000

/** A signer that lives in the page. Answers each request by its id; may throw. */
export type SignerFunction = (
  requests: SignerRequest[],
  options: { signal: AbortSignal },
) => SignerResponse[] | Promise<SignerResponse[]>

/** How to reach the signer. */
export interface SignerOptions {
  /** URL of the endpoint, relative to the page or absolute, or a function. */
  signer?: string | URL | SignerFunction | undefined
  /** Headers for the signer, or a function that makes them anew for each call (for a token that changes). */
  signerHeaders?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /** Whether cookies go to a signer of another origin: as in `fetch`. Default `same-origin`. */
  signerCredentials?: RequestCredentials | undefined
  /** How long to wait for an answer, in ms. Default 30,000. */
  signerTimeout?: number | undefined
}

/** What a page lets people upload. A help for them, not a protection: the signer has the last word. */
export interface Restrictions {
  /** As the `accept` attribute of a file input: `image/*,.pdf`. */
  accept?: string | undefined
  /** Number of files, counting those that are there already. */
  maxFiles?: number | undefined
  /** Number of files that count for `maxFiles` although they are not in the list. Default 0. */
  existingFiles?: number | undefined
  /** Bytes. */
  minSize?: number | undefined
  /** Bytes. */
  maxSize?: number | undefined
  /** Bytes, over all files. */
  maxTotalSize?: number | undefined
}

/** What an {@link UploadEngine} can be told. Can be changed at any time; it holds for what comes after. */
export interface UploadEngineOptions extends SignerOptions, Restrictions {
  /** Wait for `start()` instead of uploading at once. Default false. */
  manual?: boolean | undefined
  /** Goes before the path of each file that is added, as a folder: `invoices/2026`. The signer may use it. */
  prefix?: string | null | undefined
  /** Wished lifetime of download links, in seconds. The signer may shorten it. */
  linkExpires?: number | undefined
  /** Files over this many bytes go up in parts, if the signer can. Default 16 MiB. */
  multipartThreshold?: number | undefined
  /**
   * Whether the bucket checks an MD5 of all that is sent. Default `md5`. A checksum that the signer
   * asks for is sent in either case.
   */
  integrity?: 'md5' | 'off' | undefined
  /** Whether uploads in parts are remembered, so that they can go on after a reload. Default true. */
  resume?: boolean | undefined
  /** How long something that has worked before is tried again before a file fails, in ms. Default 120,000. */
  retryFor?: number | undefined
  /** How many requests are in flight at the same time. Default 6; read when the first file is sent. */
  limit?: number | undefined
  /** How long a request may not move before it is tried again, in ms. Default 30,000; read as `limit`. */
  stallTimeout?: number | undefined
}
