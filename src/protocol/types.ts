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

/** Asks for a presigned URL that stores one whole file with a single PUT. */
export interface PutRequest {
  id: string
  op: 'put'
  file: FileDescription
  /** What the page wants the signer to know, for example `{ album: '7' }`. */
  meta?: Record<string, string>
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
export type SignerRequest = PutRequest | LinkRequest

/** The operations of this version of the library. */
export type SignerOperation = SignerRequest['op']

/** The body of the one POST that carries many requests. */
export interface SignerRequestBody {
  version: 1
  requests: SignerRequest[]
}

/** The answer to a request that was granted. Only `id` is always there; `put` also needs `url`, `link` needs `downloadUrl`. */
export interface SignedResponse {
  id: string
  /** Object key: where the file will be in the bucket. */
  key?: string
  /** Absolute presigned URL. */
  url?: string
  /** HTTP method for `url`. */
  method?: 'PUT'
  /** Headers that the browser must send, because the signature covers them. */
  headers?: Record<string, string>
  /** When `url` stops working, as an ISO 8601 date. */
  expiresAt?: string
  /** Absolute URL that returns the object's bytes. */
  downloadUrl?: string
  /** When `downloadUrl` stops working, as an ISO 8601 date. Absent for a link that does not expire. */
  downloadExpiresAt?: string
  /** Opaque proof that this client may do more with this key. */
  grant?: string
}

/** The answer to a request that was refused. */
export interface SignerRefusal {
  id: string
  error: { code: string; message: string }
}

/** One answer of the signer. */
export type SignerResponse = SignedResponse | SignerRefusal

/** The body of a 200 answer. */
export interface SignerResponseBody {
  version: 1
  responses: SignerResponse[]
}

/** Tells a refusal from a granted request. */
export function isRefusal(response: SignerResponse): response is SignerRefusal {
  return 'error' in response
}
