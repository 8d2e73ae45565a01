import { isRefusal, type ParsedRequest, type SignerResponse } from '../../protocol/index.ts'
import type { LoggedRequest } from '../api/log-entry.ts'

/** What is logged about a request, and about its answer if it has one. */
export function logged(request: ParsedRequest, response?: SignerResponse): LoggedRequest {
  const { op } = request
  const size = 'file' in request ? request.file.size : 'size' in request ? request.size : undefined
  const route = 'route' in request ? request.route : undefined
  return {
    op,
    ...(route === undefined ? {} : { route }),
    ...(size === undefined ? {} : { size }),
    ...(response && outcome(response)),
  }
}

function outcome(response: SignerResponse): Pick<LoggedRequest, 'key' | 'code'> {
  if (isRefusal(response)) return { code: response.error.code }
  return response.key === undefined ? {} : { key: response.key }
}
