import { isRefusal, parseSignerResponse, type SignerResponse } from '../../../protocol/index.ts'

/** How long to wait for an answer, in ms. */
const PATIENCE = 30_000

/** What came back from one POST. */
export interface Reply {
  /** HTTP status; 0 where the connection was closed before there was one. */
  status: number
  headers: Headers
  text: string
  /** The JSON in it, if it is JSON. */
  json: unknown
}

/** The answer to one request. */
export interface Answer {
  reply: Reply
  /** What was signed; `undefined` where it was refused in one way or another. */
  signed?: Exclude<SignerResponse, { error: unknown }>
  /** The code of the refusal; "" where it has none. */
  code: string
}

/** Talks to the signer, and remembers what it began. */
export interface Probe {
  /** Sends a body as it is. */
  post(body: string, init?: { headers?: Record<string, string>; bare?: boolean }): Promise<Reply>
  /** Asks for one thing. */
  ask(request: object): Promise<Answer>
  /** Sends a preflight or another request. */
  send(init: RequestInit): Promise<Reply>
  /** Grants of uploads that were begun and not thrown away. */
  readonly begun: Set<string>
  /** All that was answered, to look for what should not be in it. */
  readonly heard: string[]
}

/**
 * @param headers say who calls; `bare` requests leave them out
 * @param route what `ask` names with each new file that names none itself
 */
export function openProbe(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  route?: string,
): Probe {
  const begun = new Set<string>()
  const heard: string[] = []
  const send: Probe['send'] = async (init) => {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
    const response = await fetch(url, { redirect: 'manual', ...init, signal: limits })
    const text = await response.text()
    heard.push(text)
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  }
  const post: Probe['post'] = (body, { headers: more = {}, bare = false } = {}) =>
    send({
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...(bare ? {} : headers), ...more },
    })
  const ask: Probe['ask'] = async (request) => {
    const asked = { id: '1', route, ...request } as { id: string; op?: string }
    const answer = readAnswer(
      await post(JSON.stringify({ version: 1, requests: [asked] })),
      asked.id,
    )
    if (asked.op === 'create' && answer.signed?.grant) begun.add(answer.signed.grant)
    return answer
  }
  return { post, ask, send, begun, heard }
}

/** What a reply says about one request. */
export function readAnswer(reply: Reply, id = '1'): Answer {
  const refused = (code: string): Answer => ({ reply, code })
  if (reply.status !== 200) return refused(codeOf(reply.json))
  try {
    const response = parseSignerResponse(reply.json).responses.find((each) => each.id === id)
    if (!response) return refused('')
    return isRefusal(response)
      ? refused(response.error.code)
      : { reply, code: '', signed: response }
  } catch {
    return refused('')
  }
}

function codeOf(json: unknown): string {
  const code = (json as { error?: { code?: unknown } } | null | undefined)?.error?.code
  return typeof code === 'string' ? code : ''
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
