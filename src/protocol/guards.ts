import type {
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
  const { version, responses } = record(body, 'The answer')
  checkVersion(version)
  if (!Array.isArray(responses)) throw new ProtocolError('"responses" must be a list.')
  return {
    version: 1,
    responses: responses.map((response, index) => parseResponse(response, `responses[${index}]`)),
  }
}

function parseRequest(value: unknown, where: string): ParsedRequest {
  const request = record(value, where)
  const id = text(request.id, `${where}.id`)
  const op = text(request.op, `${where}.op`)
  if (op === 'put') {
    return {
      id,
      op,
      file: parseFile(request.file, `${where}.file`),
      ...optional('meta', request.meta, (meta) => strings(meta, `${where}.meta`)),
    }
  }
  if (op === 'link') {
    return {
      id,
      op,
      ...optional('grant', request.grant, (grant) => text(grant, `${where}.grant`)),
      ...optional('key', request.key, (key) => text(key, `${where}.key`)),
      ...optional('expiresIn', request.expiresIn, (seconds) =>
        amount(seconds, `${where}.expiresIn`),
      ),
      ...optional('disposition', request.disposition, (disposition) => {
        if (disposition === 'inline' || disposition === 'attachment') return disposition
        throw new ProtocolError(`${where}.disposition must be "inline" or "attachment".`)
      }),
    }
  }
  return { id, op: 'unknown' }
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
      },
    }
  }
  const field = <K extends string>(name: K) =>
    optional(name, response[name], (content) => text(content, `${where}.${name}`))
  return {
    id,
    ...field('key'),
    ...field('url'),
    ...optional('method', response.method, (method) => {
      if (method === 'PUT') return 'PUT' as const
      throw new ProtocolError(`${where}.method must be "PUT".`)
    }),
    ...optional('headers', response.headers, (headers) => strings(headers, `${where}.headers`)),
    ...field('expiresAt'),
    ...field('downloadUrl'),
    ...field('downloadExpiresAt'),
    ...field('grant'),
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

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  throw new ProtocolError(`${where} must be a text.`)
}

function amount(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new ProtocolError(`${where} must be a whole number, 0 or more.`)
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
