import {
  base64urlOf,
  createMac,
  fromBase64url,
  sameBytes,
  toBase64url,
  utf8,
} from '../../util/bytes.ts'
import type { ReceiptStatement, Receipts } from '../api/context.ts'

/** The version that each receipt begins with. */
const VERSION = 'v1'
/** Keeps the derived key apart from those of other uses of the same secret. */
const LABEL = 'bucket-upload receipt'

/** Why a receipt is refused. */
export type ReceiptErrorCode = 'receipt-invalid' | 'receipt-expired' | 'receipt-foreign'

/** A receipt that is refused. Its message is for developers, and has nothing of the receipt in it. */
export class ReceiptError extends Error {
  override name = 'ReceiptError'
  /**
   * `receipt-invalid`: it was not written under this secret, or not as it is; `receipt-expired`;
   * `receipt-foreign`: it is for another user, route or bucket.
   */
  readonly code: ReceiptErrorCode

  constructor(code: ReceiptErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A file that is in the bucket, as the signer has seen it there. */
export interface Receipt extends ReceiptStatement {
  /** When the receipt ends. */
  expiresAt: Date
}

/** What a receipt must be for. What is not named here is not compared. */
export interface ReceiptDemands {
  /** The user who sends it, as `authorize` names them; `null` or `undefined` for a nameless one. */
  user?: string | number | null | undefined
  /** The route by which the file must have been uploaded. */
  route?: string | undefined
  /** Name of the bucket. */
  bucket?: string | undefined
  /**
   * The clock.
   *
   * @default the current time
   */
  now?: Date | undefined
}

/**
 * Receipts are `"v1." base64url(JSON) "." base64url(HMAC-SHA-256)`, with a key that is derived of the
 * secret, so that a back end in any language can check them.
 *
 * @see docs/receipts.md
 */
export function createReceipts([secret = '']: readonly string[]): Receipts {
  const mac = macOf(secret)
  return {
    issue(statement, expires) {
      const text = `${VERSION}.${base64urlOf(JSON.stringify({ ...statement, expires }))}`
      return `${text}.${toBase64url(mac(text))}`
    },
  }
}

/**
 * Checks a receipt that a form has sent, and reads it. What it says of size, type and ETag is what the
 * bucket said; the name is the one that the person chose. The same receipt can be sent again until it
 * ends: let your database refuse a key that it has already.
 *
 * @param secret that of the signer; a list while it is replaced. `undefined`, as an environment without it
 *   has, throws
 * @param demands name at least the user, or one person can send the receipt of another
 * @example readReceipt(process.env.SIGNER_SECRET, form.get('files'), { user: session.userId })
 * @throws {ReceiptError} `receipt-invalid`, `receipt-expired` or `receipt-foreign`
 * @throws {Error} when there is no secret, or a short one
 */
export function readReceipt(
  secret: string | readonly string[] | undefined,
  text: unknown,
  demands: ReceiptDemands = {},
): Receipt {
  const { expires, ...statement } = open(readSecrets(secret), text)
  const { now = new Date() } = demands
  if (expires * 1000 <= now.getTime()) {
    throw new ReceiptError('receipt-expired', 'The receipt has expired.')
  }
  for (const name of ['user', 'route', 'bucket'] as const) {
    if (!Object.hasOwn(demands, name)) continue
    const wanted = demands[name] ?? undefined
    if ((wanted === undefined ? undefined : String(wanted)) === statement[name]) continue
    throw new ReceiptError('receipt-foreign', `The receipt is for another ${name}.`)
  }
  return { ...statement, expiresAt: new Date(expires * 1000) }
}

/**
 * Checks the secrets of grants and receipts.
 *
 * @throws {Error} when there is none, or a short one
 */
export function readSecrets(secret: string | readonly string[] | undefined): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : [...(secret ?? [])]
  const isLong = (each: unknown) => typeof each === 'string' && each.length >= 16
  if (secrets.length > 0 && secrets.every(isLong)) return secrets
  throw new Error('"secret" must have at least 16 characters, and so must each in a list.')
}

function open(secrets: readonly string[], text: unknown): ReceiptStatement & { expires: number } {
  const [, signed = '', payload = '', given = ''] =
    /^(v1\.([\w-]+))\.([\w-]{43})$/.exec(typeof text === 'string' ? text : '') ?? []
  // As texts: the last digit of a MAC stands for four bits, and must be written in one way only.
  const isGenuine = (secret: string) =>
    sameBytes(utf8(toBase64url(macOf(secret)(signed))), utf8(given))
  if (signed === '' || !secrets.some(isGenuine)) {
    throw new ReceiptError('receipt-invalid', 'The text is no receipt of this signer.')
  }
  return JSON.parse(new TextDecoder().decode(fromBase64url(payload)))
}

function macOf(secret: string) {
  return createMac(createMac(utf8(secret))(LABEL))
}
