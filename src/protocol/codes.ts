/**
 * Every error code of `createSigner`, in the body of an error or in one response. Other signers may send
 * other codes; the browser then shows their message as it is.
 */
export const SIGNER_CODES = [
  'already-exists',
  'bad-request',
  'checksum-needed',
  'forbidden',
  'internal-error',
  'invalid-grant',
  'invalid-key',
  'origin-not-allowed',
  'parts-differ',
  'parts-needed',
  'quota-reached',
  'rate-limited',
  'too-large',
  'too-small',
  'upload-gone',
  'upload-incomplete',
  'type-not-allowed',
  'unauthorized',
  'unsupported-op',
  'unsupported-version',
] as const

/** One of {@link SIGNER_CODES}. */
export type SignerCode = (typeof SIGNER_CODES)[number]
