import type { SignerRequest } from '../../../src/protocol/index.ts'

/**
 * A signer that notes which operations it is asked for. While `held`, it signs no more than the first
 * `most` parts, so that an upload stands still there. Without `signsParts` it knows nothing of that
 * request, so that each part is asked for.
 */
export function spy(signer: string, { held = false, most = 3, signsParts = false } = {}) {
  const asked: SignerRequest[] = []
  const state = { held }
  const ask = async (requests: SignerRequest[]) => {
    const held = (it: SignerRequest) => state.held && it.op === 'part' && it.partNumber > most
    // What is left out of an answer is asked for again, one by one, and then never answered.
    if (requests.every(held)) await new Promise(() => {})
    const answered = requests
      .filter((it) => !held(it))
      .map((it) => (it.op === 'create' && !signsParts ? { ...it, signParts: 0 } : it))
    asked.push(...answered)
    const body = JSON.stringify({ version: 1, requests: answered })
    const headers = { 'Content-Type': 'application/json' }
    return (await (await fetch(signer, { method: 'POST', headers, body })).json()).responses
  }
  const count = (op: string) => asked.filter((it) => it.op === op).length
  return { asked, ask, count, state }
}
