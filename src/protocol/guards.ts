import { CHECKSUM_ALGORITHMS, type Digests } from './checksums.ts'
import {
  amount,
  type Fields,
  list,
  optional,
  ProtocolError,
  partNumber,
  positive,
  record,
  strings,
  text,
  within,
} from './readers.ts'
import type {
  CompletedPart,
  FileDescription,
  Json,
  Lanes,
  ProcessingState,
  SignedPart,
  SignerRequest,
  SignerRequestBody,
  SignerResponse,
  SignerResponseBody,
  StreamDescription,
} from './types.ts'

/**
 * A parsed request. It has an id and an op, and, for a known op, valid fields. The signer answers an
 * unknown op or a malformed request itself, so that one bad request does not refuse the whole call.
 */
export type ParsedRequest =
  | SignerRequest
  | { id: string; op: 'unknown' }
  | { id: string; op: 'malformed'; message: string }

/** Maximum lengths, in characters. */
export const TEXT_LIMITS = {
  id: 128,
  name: 1024,
  path: 4096,
  type: 255,
  random: 64,
  route: 64,
  grant: 8192,
  key: 1024,
  etag: 512,
  digest: 128,
  metaName: 128,
  metaValue: 2048,
  /** Names and values together. */
  meta: 8192,
} as const

/** The most names in `meta`. */
const MOST_META = 64
/** The most names that a bucket may have besides the first. */
const MOST_LANES = 8

/**
 * Parses the body of a POST to a signer. Drops unknown fields, as the contract requires.
 *
 * @throws {ProtocolError} if the body is not a call of version 1
 */
export function parseSignerRequest(body: unknown): {
  version: SignerRequestBody['version']
  requests: ParsedRequest[]
} {
  const { version, requests } = record(body, 'The body')
  checkVersion(version)
  if (!Array.isArray(requests)) throw new ProtocolError('"requests" must be a list.')
  const parsed = requests.map(parseRequest)
  if (new Set(parsed.map((request) => request.id)).size !== parsed.length) {
    throw new ProtocolError('Each request needs a different "id".')
  }
  return { version: 1, requests: parsed }
}

/**
 * Parses the body of a signer's 200 response. Drops unknown fields.
 *
 * @throws {ProtocolError} if the body is not a response of version 1
 */
export function parseSignerResponse(body: unknown): SignerResponseBody {
  return parseResponses(body, parseResponse)
}

/**
 * As {@link parseSignerResponse}, but a malformed response refuses only its own request, with the code
 * `signer-answer-invalid`.
 *
 * @throws {ProtocolError} if the body is not a response of version 1, or a response has no id
 */
export function parseEachResponse(body: unknown): SignerResponseBody {
  return parseResponses(body, (value) => {
    try {
      return parseResponse(value)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      const id = text(record(value, 'It').id, 'id')
      return { id, error: { code: 'signer-answer-invalid', message: error.message } }
    }
  })
}

function parseResponses(
  body: unknown,
  parse: (response: unknown) => SignerResponse,
): SignerResponseBody {
  const { version, date, responses } = record(body, 'The answer')
  checkVersion(version)
  if (!Array.isArray(responses)) throw new ProtocolError('"responses" must be a list.')
  return {
    version: 1,
    ...optional('date', date, (moment) => text(moment, 'date')),
    responses: responses.map((response, index) =>
      within(`responses[${index}]`, () => parse(response)),
    ),
  }
}

type Reader<R extends SignerRequest> = (request: Fields) => Omit<R, 'id' | 'op'>

const grantOf = ({ grant }: Fields) => text(grant, 'grant', TEXT_LIMITS.grant)
const metaOf = (request: Fields) => optional('meta', request.meta, parseMeta)
const routeOf = ({ route }: Fields) =>
  optional('route', route, (name) => text(name, 'route', TEXT_LIMITS.route))
const randomOf = <K extends string>(name: K, value: unknown) =>
  optional(name, value, (random) => text(random, name, TEXT_LIMITS.random))

/** Parses the fields of each op. */
const READERS: { [Op in SignerRequest['op']]: Reader<Extract<SignerRequest, { op: Op }>> } = {
  put: (request) => ({
    file: parseFile(request.file),
    ...metaOf(request),
    ...routeOf(request),
    ...randomOf('batch', request.batch),
    ...digestsOf(request),
    ...optional('grant', request.grant, () => grantOf(request)),
    ...optional('form', request.form, (form) => form === true),
  }),
  create: (request) => ({
    file: parseStream(request.file),
    ...metaOf(request),
    ...routeOf(request),
    ...randomOf('batch', request.batch),
    ...randomOf('nonce', request.nonce),
    ...optional('again', request.again, (again) => again === true),
    ...optional('partSize', request.partSize, (size) => positive(size, 'partSize')),
    ...optional('signParts', request.signParts, (count) => amount(count, 'signParts')),
  }),
  part: (request) => ({
    grant: grantOf(request),
    partNumber: partNumber(request.partNumber),
    ...optional('size', request.size, (size) => amount(size, 'size')),
    ...digestsOf(request),
  }),
  parts: (request) => ({
    grant: grantOf(request),
    ...optional('after', request.after, (after) => amount(after, 'after')),
  }),
  complete: (request) => ({
    grant: grantOf(request),
    ...optional('size', request.size, (size) => amount(size, 'size')),
    ...optional('parts', request.parts, (parts) => list(parts, 'parts', parsePart)),
    ...optional('digests', request.digests, (digests) => list(digests, 'digests', digestsOf)),
  }),
  abort: (request) => ({ grant: grantOf(request) }),
  discard: (request) => ({ grant: grantOf(request) }),
  status: (request) => ({ grant: grantOf(request) }),
  link: (request) => ({
    ...optional('grant', request.grant, () => grantOf(request)),
    ...optional('key', request.key, (key) => text(key, 'key', TEXT_LIMITS.key)),
    ...optional('expiresIn', request.expiresIn, (it) => amount(it, 'expiresIn')),
    ...optional('disposition', request.disposition, (disposition) => {
      if (disposition === 'inline' || disposition === 'attachment') return disposition
      throw new ProtocolError('disposition must be "inline" or "attachment".')
    }),
  }),
}

function parseRequest(value: unknown, index: number): ParsedRequest {
  const request = recordAt(value, index)
  const id = textAt(request.id, 'id', index)
  const op = textAt(request.op, 'op', index)
  try {
    if (!Object.hasOwn(READERS, op)) return { id, op: 'unknown' }
    return { id, op, ...READERS[op as SignerRequest['op']](request) } as SignerRequest
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { id, op: 'malformed', message: error.message }
  }
}

function recordAt(value: unknown, index: number): Fields {
  if (typeof value === 'object' && value !== null) return record(value, 'A request')
  throw new ProtocolError(`requests[${index}] must be an object.`)
}

/** A request without an id or an op refuses the whole call. */
function textAt(value: unknown, name: 'id' | 'op', index: number): string {
  if (typeof value === 'string' && value.length <= TEXT_LIMITS.id) return value
  return within(`requests[${index}]`, () => text(value, name, TEXT_LIMITS.id))
}

function parsePart(part: Fields): CompletedPart {
  return {
    partNumber: partNumber(part.partNumber),
    etag: text(part.etag, 'etag', TEXT_LIMITS.etag),
    ...digestsOf(part),
  }
}

const DIGESTS = ['md5', ...CHECKSUM_ALGORITHMS] as const

function digestsOf(fields: Fields): Digests {
  const digests: Digests = {}
  for (const name of DIGESTS) {
    const value = fields[name]
    if (value !== undefined && value !== null) digests[name] = text(value, name, TEXT_LIMITS.digest)
  }
  return digests
}

function parseFile(value: unknown): FileDescription {
  const { size } = record(value, 'file')
  return { ...parseStream(value), size: amount(size, 'file.size') }
}

/** A file, or a stream, which has no size yet. */
function parseStream(value: unknown): StreamDescription {
  const { name, size, type, path, encoding } = record(value, 'file')
  return {
    name: text(name, 'file.name', TEXT_LIMITS.name),
    ...optional('size', size, (bytes) => amount(bytes, 'file.size')),
    // An invalid media type counts as none.
    type: typeof type === 'string' && type.length <= TEXT_LIMITS.type ? type : '',
    ...optional('path', path, (it) => text(it, 'file.path', TEXT_LIMITS.path)),
    ...optional('encoding', encoding, (it): 'gzip' => {
      if (it === 'gzip') return it
      throw new ProtocolError('file.encoding must be "gzip".')
    }),
  }
}

function parseMeta(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value, 'meta'))
  if (entries.length > MOST_META) throw new ProtocolError(`meta has more than ${MOST_META} names.`)
  let length = 0
  for (const [name, content] of entries) {
    const each = text(content, 'A value of meta', TEXT_LIMITS.metaValue)
    length += text(name, 'A name of meta', TEXT_LIMITS.metaName).length + each.length
  }
  if (length > TEXT_LIMITS.meta) {
    throw new ProtocolError(`meta is longer than ${TEXT_LIMITS.meta} characters.`)
  }
  return Object.fromEntries(entries) as Record<string, string>
}

function parseResponse(value: unknown): SignerResponse {
  const response = record(value, 'It')
  const id = text(response.id, 'id')
  if (response.error !== undefined && response.error !== null) {
    const error = record(response.error, 'error')
    return {
      id,
      error: {
        code: text(error.code, 'error.code'),
        message: typeof error.message === 'string' ? error.message : '',
        ...(typeof error.checksum === 'string' ? { checksum: error.checksum } : {}),
      },
    }
  }
  const field = <K extends string>(name: K) =>
    optional(name, response[name], (content) => text(content, name))
  return {
    id,
    ...field('key'),
    ...field('url'),
    ...field('method'),
    ...optional('fields', response.fields, (fields) => strings(fields, 'fields')),
    ...optional('headers', response.headers, (headers) => strings(headers, 'headers')),
    ...field('expiresAt'),
    ...lanesOf(response),
    ...field('downloadUrl'),
    ...field('downloadExpiresAt'),
    ...field('grant'),
    ...field('uploadId'),
    ...optional('partSize', response.partSize, (size) => positive(size, 'partSize')),
    ...optional('maxSize', response.maxSize, (size) => positive(size, 'maxSize')),
    ...optional('parts', response.parts, (parts) => list(parts, 'parts', parseSignedPart)),
    ...optional('comparesParts', response.comparesParts, (compares) => compares === true),
    ...optional('stored', response.stored, (stored) => stored === true),
    ...field('etag'),
    ...field('encoding'),
    ...field('receipt'),
    ...field('discardGrant'),
    ...optional('processing', response.processing, parseProcessing),
    ...optional('data', response.data, (data) => data as Json),
    ...field('checksum'),
  }
}

function parseProcessing(value: unknown): ProcessingState {
  const { progress } = record(value, 'processing')
  return optional('progress', progress, (share) => {
    if (typeof share === 'number' && share >= 0 && share <= 1) return share
    throw new ProtocolError('progress must be from 0 to 1.')
  })
}

function parseSignedPart(part: Fields): SignedPart {
  return {
    partNumber: partNumber(part.partNumber),
    url: text(part.url, 'url'),
    ...optional('headers', part.headers, (headers) => strings(headers, 'headers')),
    ...optional('expiresAt', part.expiresAt, (moment) => text(moment, 'expiresAt')),
    ...lanesOf(part),
  }
}

function lanesOf({ lanes }: Fields): { lanes?: Lanes } {
  return optional('lanes', lanes, (value) => {
    const { urls, credentials } = record(value, 'lanes')
    return {
      ...optional('urls', urls, parseUrls),
      ...optional('credentials', credentials, (allowed) => allowed === true),
    }
  })
}

function parseUrls(value: unknown): string[] {
  if (Array.isArray(value) && value.length <= MOST_LANES) {
    return value.map((url) => text(url, 'A URL of lanes'))
  }
  throw new ProtocolError(`lanes.urls must be a list of at most ${MOST_LANES} URLs.`)
}

function checkVersion(version: unknown): void {
  if (version === 1) return
  throw new ProtocolError('"version" must be 1.', { unsupportedVersion: version !== undefined })
}
