import type { SignedResponse, SignerRequest } from '../../../src/protocol/index.ts'
import type { FetchHandler } from '../../../src/server/http/node.ts'

/** Ours as the smallest of signers, which knows `put` and hands out no grant. */
export function putAlone(ours: FetchHandler): FetchHandler {
  return async (request) => {
    if (request.method !== 'POST') return ours(request)
    const { headers, method, url } = request
    const body = (await request.json()) as { requests: SignerRequest[] }
    const requests = body.requests.map(({ id, op, ...rest }) =>
      op === 'put' ? { id, op, ...rest } : { id, op: 'other' },
    )
    const answer = await ours(
      new Request(url, { method, headers, body: JSON.stringify({ ...body, requests }) }),
    )
    const { responses, ...more } = (await answer.json()) as { responses: SignedResponse[] }
    const withoutGrants = responses.map(({ grant, ...response }) => response)
    return Response.json({ ...more, responses: withoutGrants }, answer)
  }
}
