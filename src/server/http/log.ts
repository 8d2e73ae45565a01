import { isRefusal, type ParsedRequest, type SignerResponse } from '../../protocol/index.ts'
import type { LoggedRequest } from '../api/options.ts'

/** What is logged about a request, and about its answer if it has one. */
export function logged(request: ParsedRequest, response?: SignerResponse): LoggedRequest {
  const { op } = request
  const size = 'file' in request ? request.file.size : 'size' in request ? request.size : undefined
  return {
    op,
    ...(size === undefined ? {} : { size }),
    ...(response && outcome(response)),
  }
}

function outcome(response: SignerResponse): Pick<LoggedRequest, 'key' | 'code'> {
  if (isRefusal(response)) return { code: response.error.code }
  return response.key === undefined ? {} : { key: response.key }
}
