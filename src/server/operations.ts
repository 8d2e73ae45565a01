import type { ParsedRequest, SignedResponse, SignerResponse } from '../protocol/index.ts'
import type { Call } from './call.ts'
import { answerComplete } from './complete.ts'
import { answerLink } from './links.ts'
import { answerAbort, answerCreate, answerPart, answerParts } from './multipart.ts'
import { answerPut } from './put.ts'
import { SignerError } from './signer-error.ts'

/** Answers one request. A {@link SignerError} becomes its refusal; other errors are thrown on. */
export async function answerRequest(call: Call, request: ParsedRequest): Promise<SignerResponse> {
  try {
    return await answer(call, request)
  } catch (error) {
    if (!(error instanceof SignerError)) throw error
    const { code, message, checksum } = error
    return { id: request.id, error: { code, message, ...(checksum ? { checksum } : {}) } }
  }
}

async function answer(call: Call, request: ParsedRequest): Promise<SignedResponse> {
  switch (request.op) {
    case 'put':
      return answerPut(call, request)
    case 'create':
      return answerCreate(call, request)
    case 'part':
      return answerPart(call, request)
    case 'parts':
      return answerParts(call, request)
    case 'complete':
      return answerComplete(call, request)
    case 'abort':
      return answerAbort(call, request)
    case 'link':
      return answerLink(call, request)
    case 'unknown':
      throw new SignerError('unsupported-op', 'This signer does not know this operation.')
  }
}
