import { CHECKSUM_ALGORITHMS, type Digests } from './checksums.ts'
import type {
  CompletedPart,
  FileDescription,
  SignerRequest,
  SignerRequestBody,
  SignerResponse,
  SignerResponseBody,
} from './types.ts'

/** Says in one sentence where a message breaks the signer contract. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
  /** The offending message names a version that this library does not speak. */
  readonly unsupportedVersion: boolean

  constructor(message: string, options?: { unsupportedVersion?: boolean }) {
    super(message)
    this.unsupportedVersion = options?.unsupportedVersion ?? false
  }
}

/**
 * A request as it came over the wire: known to have an id and an op, and, for the ops that we know,
 * to have well-formed fields. An op that we do not know is left for the signer to answer.
 */
export type ParsedRequest = SignerRequest | { id: string; op: 'unknown' }

/**
 * Reads the body of a POST to a signer. Unknown fields are dropped, as the contract asks.
 *
 * @throws {ProtocolError} when the body is not a request of version 1
 */
export function parseSignerRequest(body: unknown): {
  version: SignerRequestBody['version']
  requests: ParsedRequest[]
} {
  const { version, requests } = record(body, 'The body')
  checkVersion(version)
  if (!Array.isArray(requests)) throw new ProtocolError('"requests" must be a list.')
  const parsed = requests.map((request, index) => parseRequest(request, `requests[${index}]`))
  if (new Set(parsed.map((request) => request.id)).size !== parsed.length) {
    throw new ProtocolError('Each request needs an "id" of its own.')
  }
  return { version: 1, requests: parsed }
}

/**
 * Reads the body of a signer's 200 answer. Unknown fields are dropped.
 *
 * @throws {ProtocolError} when the body is not an answer of version 1
 */
export function parseSignerResponse(body: unknown): SignerResponseBody {
  const { version, date, responses } = record(body, 'The answer')
  checkVersion(version)
  if (!Array.isArray(responses)) throw new ProtocolError('"responses" must be a list.')
  return {
    version: 1,
    ...optional('date', date, (moment) => text(moment, 'date')),
    responses: responses.map((response, index) => parseResponse(response, `responses[${index}]`)),
  }
}

type Fields = Record<string, unknown>
type Reader<R extends SignerRequest> = (request: Fields, where: string) => Omit<R, 'id' | 'op'>

const grantOf = (request: Fields, where: string) => text(request.grant, `${where}.grant`)
const metaOf = (request: Fields, where: string) =>
  optional('meta', request.meta, (meta) => strings(meta, `${where}.meta`))

const batchOf = (request: Fields, where: string) =>
  optional('batch', request.batch, (batch) => text(batch, `${where}.batch`))

/** How to read the fields of each op. */
const READERS: { [Op in SignerRequest['op']]: Reader<Extract<SignerRequest, { op: Op }>> } = {
  put: (request, where) => ({
    file: parseFile(request.file, `${where}.file`),
    ...metaOf(request, where),
    ...batchOf(request, where),
    ...digestsOf(request, where),
    ...optional('grant', request.grant, () => grantOf(request, where)),
    ...optional('form', request.form, (form) => form === true),
  }),
  create: (request, where) => ({
    file: parseFile(request.file, `${where}.file`),
    ...metaOf(request, where),
    ...batchOf(request, where),
    ...optional('nonce', request.nonce, (nonce) => text(nonce, `${where}.nonce`)),
    ...optional('again', request.again, (again) => again === true),
  }),
  part: (request, where) => ({
    grant: grantOf(request, where),
    partNumber: partNumber(request.partNumber, `${where}.partNumber`),
    ...optional('size', request.size, (size) => amount(size, `${where}.size`)),
    ...digestsOf(request, where),
  }),
  parts: (request, where) => ({
    grant: grantOf(request, where),
    ...optional('after', request.after, (after) => amount(after, `${where}.after`)),
  }),
  complete: (request, where) => ({
    grant: grantOf(request, where),
    ...optional('parts', request.parts, (parts) => parseParts(parts, `${where}.parts`)),
    ...optional('digests', request.digests, (list) => parseDigests(list, `${where}.digests`)),
  }),
  abort: (request, where) => ({ grant: grantOf(request, where) }),
  link: (request, where) => ({
    ...optional('grant', request.grant, () => grantOf(request, where)),
    ...optional('key', request.key, (key) => text(key, `${where}.key`)),
    ...optional('expiresIn', request.expiresIn, (it) => amount(it, `${where}.expiresIn`)),
    ...optional('disposition', request.disposition, (disposition) => {
      if (disposition === 'inline' || disposition === 'attachment') return disposition
      throw new ProtocolError(`${where}.disposition must be "inline" or "attachment".`)
    }),
  }),
}

function parseRequest(value: unknown, where: string): ParsedRequest {
  const request = record(value, where)
  const id = text(request.id, `${where}.id`)
  const op = text(request.op, `${where}.op`)
  if (!Object.hasOwn(READERS, op)) return { id, op: 'unknown' }
  return { id, op, ...READERS[op as SignerRequest['op']](request, where) } as SignerRequest
}

function parseParts(value: unknown, where: string): CompletedPart[] {
  return list(value, where, (part, where) => ({
    partNumber: partNumber(part.partNumber, `${where}.partNumber`),
    etag: text(part.etag, `${where}.etag`),
    ...digestsOf(part, where),
  }))
}

function parseDigests(value: unknown, where: string): Digests[] {
  return list(value, where, digestsOf)
}

function digestsOf(fields: Fields, where: string): Digests {
  const digests: Digests = {}
  for (const name of ['md5', ...CHECKSUM_ALGORITHMS] as const) {
    Object.assign(
      digests,
      optional(name, fields[name], (value) => text(value, `${where}.${name}`)),
    )
  }
  return digests
}

function parseFile(value: unknown, where: string): FileDescription {
  const file = record(value, where)
  return {
    name: text(file.name, `${where}.name`),
    size: amount(file.size, `${where}.size`),
    type: typeof file.type === 'string' ? file.type : '',
    ...optional('path', file.path, (path) => text(path, `${where}.path`)),
  }
}

function parseResponse(value: unknown, where: string): SignerResponse {
  const response = record(value, where)
  const id = text(response.id, `${where}.id`)
  if (response.error !== undefined && response.error !== null) {
    const error = record(response.error, `${where}.error`)
    return {
      id,
      error: {
        code: text(error.code, `${where}.error.code`),
        message: typeof error.message === 'string' ? error.message : '',
        ...(typeof error.checksum === 'string' ? { checksum: error.checksum } : {}),
      },
    }
  }
  const field = <K extends string>(name: K) =>
    optional(name, response[name], (content) => text(content, `${where}.${name}`))
  return {
    id,
    ...field('key'),
    ...field('url'),
    ...field('method'),
    ...optional('fields', response.fields, (fields) => strings(fields, `${where}.fields`)),
    ...optional('headers', response.headers, (headers) => strings(headers, `${where}.headers`)),
    ...field('expiresAt'),
    ...field('downloadUrl'),
    ...field('downloadExpiresAt'),
    ...field('grant'),
    ...field('uploadId'),
    ...optional('partSize', response.partSize, (size) => positive(size, `${where}.partSize`)),
    ...field('etag'),
    ...field('checksum'),
  }
}

function checkVersion(version: unknown): void {
  if (version === 1) return
  throw new ProtocolError('"version" must be 1.', { unsupportedVersion: version !== undefined })
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new ProtocolError(`${where} must be an object.`)
}

function list<T>(value: unknown, where: string, read: (item: Fields, where: string) => T): T[] {
  if (!Array.isArray(value)) throw new ProtocolError(`${where} must be a list.`)
  return value.map((item, index) => read(record(item, `${where}[${index}]`), `${where}[${index}]`))
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  throw new ProtocolError(`${where} must be a text.`)
}

function amount(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new ProtocolError(`${where} must be a whole number, 0 or more.`)
}

function positive(value: unknown, where: string): number {
  const number = amount(value, where)
  if (number > 0) return number
  throw new ProtocolError(`${where} must be above 0.`)
}

/** S3 numbers parts from 1 to 10,000. */
function partNumber(value: unknown, where: string): number {
  const number = amount(value, where)
  if (number >= 1 && number <= 10_000) return number
  throw new ProtocolError(`${where} must be from 1 to 10000.`)
}

function strings(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(record(value, where))
  return Object.fromEntries(
    entries.map(([name, content]) => [name, text(content, `${where}.${name}`)]),
  )
}

/** Keeps a field only if it was sent: a missing field and `null` mean the same on this wire. */
function optional<K extends string, V>(
  name: K,
  value: unknown,
  read: (value: unknown) => V,
): { [P in K]?: V } {
  if (value === undefined || value === null) return {}
  return { [name]: read(value) } as { [P in K]?: V }
}
