/**
 * The protocol between the browser and the signer. This folder imports nothing.
 *
 * @module
 */

export { acceptsFile } from './accept.ts'
export { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, type Digests } from './checksums.ts'
export { SIGNER_CODES, type SignerCode } from './codes.ts'
export {
  type ParsedRequest,
  parseEachResponse,
  parseSignerRequest,
  parseSignerResponse,
} from './guards.ts'
export type { PartRules } from './part-rules.ts'
export { ProtocolError } from './readers.ts'
export { parseSize } from './size.ts'
export {
  type AbortRequest,
  type CompletedPart,
  type CompleteRequest,
  type CreateRequest,
  type DiscardRequest,
  type FileDescription,
  isRefusal,
  type Json,
  type Lanes,
  type LinkRequest,
  type PartRequest,
  type PartsRequest,
  type ProcessingState,
  type PutRequest,
  type SignedPart,
  type SignedResponse,
  type SignerOperation,
  type SignerRefusal,
  type SignerRequest,
  type SignerRequestBody,
  type SignerResponse,
  type SignerResponseBody,
  type StatusRequest,
  type StreamDescription,
} from './types.ts'
