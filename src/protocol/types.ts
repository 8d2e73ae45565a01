import type { ChecksumAlgorithm, Digests } from './checksums.ts'

/** What a client says about a file. All of it is a claim: a signer checks it before it signs. */
export interface FileDescription {
  /** The file's name, as the user sees it. Never used as a key without being cleaned. */
  name: string
  /** Size in bytes. */
  size: number
  /** Media type, for example `image/png`. May be empty: browsers do not know every type. */
  type: string
  /** Path inside a dropped folder, with `/` between segments, for example `pets/cat.jpg`. */
  path?: string
}

/**
 * Asks for a presigned URL that stores one whole file with a single PUT.
 *
 * The digests are those of the file. A signer that signs one sends its header back. One that needs a
 * checksum which is not there refuses with `checksum-needed`, and names it in the error.
 */
export interface PutRequest extends Digests {
  id: string
  op: 'put'
  file: FileDescription
  /** What the page wants the signer to know, for example `{ album: '7' }`. */
  meta?: Record<string, string>
  /** Random text, the same for files that were added together: a signer may keep them together. */
  batch?: string
  /** From an earlier `put` of the same file: asks for a fresh URL to the same key. */
  grant?: string
  /** The client would rather POST a form: a signer that can answers with `fields`, others with a PUT. */
  form?: boolean
}

/** Starts a multipart upload. */
export interface CreateRequest {
  id: string
  op: 'create'
  file: FileDescription
  meta?: Record<string, string>
  /** Random text, the same for files that were added together: a signer may keep them together. */
  batch?: string
  /** Random text, the same for each try: the signer makes the same key of it. */
  nonce?: string
  /** An earlier try may have been heard: asks for the upload that it began, if it did. */
  again?: boolean
}

/** Asks for a presigned URL that stores one part of a multipart upload. Digests as for {@link PutRequest}. */
export interface PartRequest extends Digests {
  id: string
  op: 'part'
  grant: string
  /** 1 to 10,000. */
  partNumber: number
  /** Bytes. */
  size?: number
}

/** Asks which parts of a multipart upload are stored: for a presigned URL of ListParts. */
export interface PartsRequest {
  id: string
  op: 'parts'
  grant: string
  /** Leaves out the parts up to this number: how to read on after 1,000 parts. */
  after?: number
}

/** A part that was stored; with its checksum where the upload has them. */
export interface CompletedPart extends Omit<Digests, 'md5'> {
  partNumber: number
  /** With or without quotes. */
  etag: string
}

/** Puts the parts together into one object. */
export interface CompleteRequest {
  id: string
  op: 'complete'
  grant: string
  /** All parts in order, where their ETags are known. Without it, the signer asks the bucket. */
  parts?: CompletedPart[]
  /**
   * What was sent as part 1, 2 and so on, as far as it is known. A signer that lists the parts may
   * compare, and refuse with `parts-differ` what is not that.
   */
  digests?: Digests[]
}

/** Throws a multipart upload away, with all its parts. */
export interface AbortRequest {
  id: string
  op: 'abort'
  grant: string
}

/** Asks for a download link to an object. Names the object by the grant that came with its upload, or by key. */
export interface LinkRequest {
  id: string
  op: 'link'
  grant?: string
  key?: string
  /** Wished lifetime in seconds. A signer may shorten it and never lengthens its own limit. */
  expiresIn?: number
  /** Whether the browser shows the object or saves it. */
  disposition?: 'inline' | 'attachment'
}

/** One request to the signer, told apart by `op`. */
export type SignerRequest =
  | PutRequest
  | CreateRequest
  | PartRequest
  | PartsRequest
  | CompleteRequest
  | AbortRequest
  | LinkRequest

/** The operations of this version of the library. */
export type SignerOperation = SignerRequest['op']

/** The body of the one POST that carries many requests. */
export interface SignerRequestBody {
  version: 1
  requests: SignerRequest[]
}

/**
 * The answer to a request that was granted. Only `id` is always there. `put`, `part` and `parts` also
 * need `url`, unless `put` is `stored`; `link` needs `downloadUrl`, and `create` needs `grant`. For
 * `complete` and `abort` a `url` asks the browser to do it; without one it is done.
 */
export interface SignedResponse {
  id: string
  /** Object key: where the file will be in the bucket. */
  key?: string
  /** Absolute presigned URL. */
  url?: string
  /** HTTP method for `url`. */
  method?: string
  /** With the method POST, what a form of type `multipart/form-data` has before its field `file`. */
  fields?: Record<string, string>
  /** Headers that the browser must send, because the signature covers them. */
  headers?: Record<string, string>
  /** When `url`, or for `create` the grant, stops working, as an ISO 8601 date. */
  expiresAt?: string
  /** Absolute URL that returns the object's bytes. */
  downloadUrl?: string
  /** When `downloadUrl` stops working, as an ISO 8601 date. Absent for a link that does not expire. */
  downloadExpiresAt?: string
  /** Opaque proof that this client may do more with this key. */
  grant?: string
  /** Of a multipart upload. */
  uploadId?: string
  /** Bytes of each part but the last, with `create`. Without it, the client chooses. */
  partSize?: number
  /**
   * `true` with `put` where the file is in the bucket already, as it was granted: nothing is to be
   * sent, and there is no `url`. Only for a further try with a grant.
   */
  stored?: boolean
  /** Entity tag of the whole object, with `complete`, or with `stored`. */
  etag?: string
  /** The checksum that this signer needs, so that the client can have it ready; with `create` and `parts`. */
  checksum?: ChecksumAlgorithm | (string & {})
}

/** The answer to a request that was refused. */
export interface SignerRefusal {
  id: string
  error: {
    code: string
    message: string
    /** With `checksum-needed`: which one. */
    checksum?: ChecksumAlgorithm | (string & {})
  }
}

/** One answer of the signer. */
export type SignerResponse = SignedResponse | SignerRefusal

/** The body of a 200 answer. */
export interface SignerResponseBody {
  version: 1
  /** The signer's clock, as an ISO 8601 date: what its expiries are relative to. */
  date?: string
  responses: SignerResponse[]
}

/** Tells a refusal from a granted request. */
export function isRefusal(response: SignerResponse): response is SignerRefusal {
  return 'error' in response
}
