import type { ChecksumAlgorithm, Digests } from './checksums.ts'

/** What a client claims about a file. A signer checks it before it signs. */
export interface FileDescription {
  /** The name of the file, as the user sees it. Must be sanitized before it is used in a key. */
  name: string
  /** Size in bytes. */
  size: number
  /** Media type, for example `image/png`. Empty if the browser does not know it. */
  type: string
  /** Path inside a dropped folder, with `/` between segments, for example `pets/cat.jpg`. */
  path?: string
  /**
   * How the client has encoded the bytes that it sends, whose length `size` is. A signer that stores it
   * as `Content-Encoding` says so in its answer; others refuse, or do not know the field.
   */
  encoding?: 'gzip'
}

/** As {@link FileDescription}, but a stream whose length is not known yet has no size. */
export interface StreamDescription extends Omit<FileDescription, 'size'> {
  size?: number
}

/**
 * Requests a presigned URL that stores one whole file with a single PUT.
 *
 * The digests are those of the file. A signer that signs one returns its header. A signer that requires a
 * missing checksum refuses with `checksum-needed` and names it in the error.
 */
export interface PutRequest extends Digests {
  id: string
  op: 'put'
  file: FileDescription
  /** Data of the page for the signer, for example `{ album: '7' }`. */
  meta?: Record<string, string>
  /** Name of the kind of upload, for a signer that has rules of its own for each kind. */
  route?: string
  /** Random, the same for files that were added together: a signer may keep them together. */
  batch?: string
  /** From an earlier `put` of the same file: requests a new URL for the same key. */
  grant?: string
  /** The client prefers to POST a form. A signer that supports it answers with `fields`, others with a PUT. */
  form?: boolean
}

/** Creates a multipart upload. */
export interface CreateRequest {
  id: string
  op: 'create'
  file: StreamDescription
  meta?: Record<string, string>
  /** As for `put`. */
  route?: string
  /** Random, the same for files that were added together: a signer may keep them together. */
  batch?: string
  /** Random, the same for each attempt: the signer derives the same key from it. */
  nonce?: string
  /** An earlier attempt may have succeeded: requests the upload that it created, if any. */
  again?: boolean
  /** The part size that suits the line of the client, in bytes. A wish: the signer decides. */
  partSize?: number
  /** How many parts the answer should sign at once, beginning with part 1. A signer may ignore it. */
  signParts?: number
}

/** Requests a presigned URL that stores one part of a multipart upload. Digests as in {@link PutRequest}. */
export interface PartRequest extends Digests {
  id: string
  op: 'part'
  grant: string
  /** 1 to 10,000. */
  partNumber: number
  /** Size in bytes. Needed for a part of a stream. */
  size?: number
}

/** Requests a presigned URL of ListParts, which lists the stored parts of a multipart upload. */
export interface PartsRequest {
  id: string
  op: 'parts'
  grant: string
  /** Lists only parts after this number: for the next page after 1,000 parts. */
  after?: number
}

/** A stored part, with its checksum if the upload uses one. */
export interface CompletedPart extends Omit<Digests, 'md5'> {
  partNumber: number
  /** With or without quotes. */
  etag: string
}

/** Completes a multipart upload: joins the parts to one object. */
export interface CompleteRequest {
  id: string
  op: 'complete'
  grant: string
  /** Bytes in all. Needed for a stream, whose size `create` did not tell. */
  size?: number
  /** All parts in order, if their ETags are known. Without it, the signer lists them. */
  parts?: CompletedPart[]
  /**
   * The digests of part 1, 2 and so on, as far as they are known. A signer that lists the parts may
   * compare them and refuse with `parts-differ`.
   */
  digests?: Digests[]
}

/** Aborts a multipart upload and deletes its parts. */
export interface AbortRequest {
  id: string
  op: 'abort'
  grant: string
}

/** Removes a stored object again, by the grant that came with it for that purpose. */
export interface DiscardRequest {
  id: string
  op: 'discard'
  /** The `discardGrant` of an answer. */
  grant: string
}

/** Requests a download link to an object, by the grant of its upload or by its key. */
export interface LinkRequest {
  id: string
  op: 'link'
  grant?: string
  key?: string
  /** Requested lifetime in seconds. The signer may shorten it. */
  expiresIn?: number
  /** Whether the browser displays the object or saves it. */
  disposition?: 'inline' | 'attachment'
}

/** Asks how far the site is with a file that it works on after the upload, and for the link once it is done. */
export interface StatusRequest {
  id: string
  op: 'status'
  /** From the answer that said `processing`. */
  grant: string
}

/** One request to the signer, discriminated by `op`. */
export type SignerRequest =
  | PutRequest
  | CreateRequest
  | PartRequest
  | PartsRequest
  | CompleteRequest
  | AbortRequest
  | LinkRequest
  | DiscardRequest
  | StatusRequest

/** The operations of this version of the library. */
export type SignerOperation = SignerRequest['op']

/** The body of the POST that carries the requests. */
export interface SignerRequestBody {
  version: 1
  requests: SignerRequest[]
}

/**
 * Other ways to send the same part, for a server that speaks HTTP/2: a browser has one connection to each
 * host name there, and another one for requests with credentials. Method, headers and expiry are the same.
 */
export interface Lanes {
  /** The part, signed for other names of the bucket's host. Absolute URLs. */
  urls?: string[]
  /** Whether the bucket answers that requests with credentials are allowed. They hold none that it needs. */
  credentials?: boolean
}

/** One part that is signed together with `create`: as the answer to `part`, without digests. */
export interface SignedPart {
  partNumber: number
  url: string
  headers?: Record<string, string>
  expiresAt?: string
  lanes?: Lanes
}

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

/** The site works on a stored file, such as a scan or a transcoding. */
export interface ProcessingState {
  /** How much is done, from 0 to 1, where that is known. */
  progress?: number
}

/**
 * The answer to a granted request. Only `id` is always present. `put`, `part` and `parts` also need `url`,
 * unless `put` is `stored`; `link` needs `downloadUrl` unless it is `processing`, and `create` needs `grant`. For
 * `complete` and `abort`, a `url` asks the browser to send the request; without one the signer has done it.
 */
export interface SignedResponse {
  id: string
  /** Object key. */
  key?: string
  /** Absolute presigned URL. */
  url?: string
  /** HTTP method for `url`. */
  method?: string
  /** With the method POST: the fields of a `multipart/form-data` form before its field `file`. */
  fields?: Record<string, string>
  /** Headers that the browser must send, since the signature covers them. */
  headers?: Record<string, string>
  /** When `url`, or for `create` the grant, expires, as an ISO 8601 date. */
  expiresAt?: string
  /** With `part`: other ways to send it. */
  lanes?: Lanes
  /** Absolute URL that returns the object's bytes. */
  downloadUrl?: string
  /** When `downloadUrl` expires, as an ISO 8601 date. Absent for a link that does not expire. */
  downloadExpiresAt?: string
  /** Opaque proof that this client may make further requests for this key. */
  grant?: string
  /** Id of a multipart upload. */
  uploadId?: string
  /** With `create`: size of each part but the last, in bytes. Without it, the client chooses. */
  partSize?: number
  /** With `create` of a stream: the most bytes that it may have. */
  maxSize?: number
  /** With `create`: the first parts, signed, if the request has `signParts`. */
  parts?: SignedPart[]
  /**
   * With `create`: `true` if the signer compares the ETags of the parts that `complete` names with those in
   * the bucket, before it puts the parts together, and refuses with `parts-differ`.
   */
  comparesParts?: boolean
  /**
   * With `put`: `true` if the bucket already has the file as granted. Then nothing is to be sent, and
   * there is no `url`. Only for another attempt with a grant.
   */
  stored?: boolean
  /** With `complete` and `stored`: ETag of the whole object. */
  etag?: string
  /** With `put` and `create`: the encoding of the request, which is stored as `Content-Encoding`. */
  encoding?: string
  /**
   * With `complete` and `link`: a signed statement of what is stored, for the site's own back end. Opaque to
   * the page.
   */
  receipt?: string
  /**
   * With `complete`, `link` and `status`: entitles its bearer to `discard` what is stored, for a while. Only if the
   * signer allows that.
   */
  discardGrant?: string
  /**
   * With `complete`, `link` and `status`: the file is stored, and the site still works on it. There is no
   * link yet, and `status` with the `grant` of this answer tells how far it is.
   */
  processing?: ProcessingState
  /** With `complete`, `link` and `status`: what the site tells its page about the file. */
  data?: Json
  /** With `create` and `parts`: the checksum that this signer requires, so that the client can prepare it. */
  checksum?: ChecksumAlgorithm | (string & {})
}

/** The answer to a refused request. */
export interface SignerRefusal {
  id: string
  error: {
    code: string
    message: string
    /** With `checksum-needed`: the required one. */
    checksum?: ChecksumAlgorithm | (string & {})
  }
}

/** One answer of the signer. */
export type SignerResponse = SignedResponse | SignerRefusal

/** The body of a 200 response. */
export interface SignerResponseBody {
  version: 1
  /** The signer's clock, as an ISO 8601 date. Its expiry dates are relative to it. */
  date?: string
  responses: SignerResponse[]
}

/** Whether a response is a refusal. */
export function isRefusal(response: SignerResponse): response is SignerRefusal {
  return 'error' in response
}
