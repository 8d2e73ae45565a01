/** Reads the values of messages: each says in one sentence what is wrong with one. */

/** Says in one sentence where a message violates the signer contract. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
  /** Whether the message has a version that this library does not support. */
  readonly unsupportedVersion: boolean

  constructor(message: string, options?: { unsupportedVersion?: boolean }) {
    super(message)
    this.unsupportedVersion = options?.unsupportedVersion ?? false
  }
}

/** An object, as JSON has it. */
export type Fields = Record<string, unknown>

/** The limit of S3. */
const MOST_PARTS = 10_000

/** Adds the place to an error. Only then, since a string for each field of each file costs time. */
export function within<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    throw new ProtocolError(`${where}: ${error.message}`)
  }
}

export function record(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new ProtocolError(`${where} must be an object.`)
}

export function list<T>(value: unknown, where: string, read: (item: Fields) => T): T[] {
  if (!Array.isArray(value)) throw new ProtocolError(`${where} must be a list.`)
  if (value.length > MOST_PARTS) {
    throw new ProtocolError(`${where} must have at most ${MOST_PARTS} items.`)
  }
  return value.map((item, index) => within(`${where}[${index}]`, () => read(record(item, 'It'))))
}

/** @param most its maximum length in code points, as JSON Schema counts */
export function text(value: unknown, where: string, most = Number.POSITIVE_INFINITY): string {
  if (typeof value !== 'string') throw new ProtocolError(`${where} must be a string.`)
  if (value.length <= most) return value
  if (value.length <= 2 * most && [...value].length <= most) return value
  throw new ProtocolError(`${where} is longer than ${most} characters.`)
}

export function amount(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new ProtocolError(`${where} must be a whole number, 0 or more.`)
}

export function positive(value: unknown, where: string): number {
  const number = amount(value, where)
  if (number > 0) return number
  throw new ProtocolError(`${where} must be above 0.`)
}

/** S3 numbers parts from 1 to 10,000. */
export function partNumber(value: unknown): number {
  const number = amount(value, 'partNumber')
  if (number >= 1 && number <= MOST_PARTS) return number
  throw new ProtocolError(`partNumber must be from 1 to ${MOST_PARTS}.`)
}

export function strings(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(record(value, where))
  return Object.fromEntries(
    entries.map(([name, content]) => [name, text(content, `${where}.${name}`)]),
  )
}

/** Leaves out a missing field. `null` means the same in this protocol. */
export function optional<K extends string, V>(
  name: K,
  value: unknown,
  read: (value: unknown) => V,
): { [P in K]?: V } {
  if (value === undefined || value === null) return {}
  return { [name]: read(value) } as { [P in K]?: V }
}
