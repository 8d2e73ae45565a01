import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'

interface Answer {
  status: number
  code: string
  message: string
  headers?: Record<string, string>
}

/** As Amazon S3 words them. */
const ANSWERS: Partial<Record<Fault, Answer>> = {
  500: {
    status: 500,
    code: 'InternalError',
    message: 'We encountered an internal error. Please try again.',
  },
  503: { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' },
  429: {
    status: 429,
    code: 'TooManyRequests',
    message: 'Please reduce your request rate.',
    headers: { 'Retry-After': '1' },
  },
  expired: { status: 403, code: 'AccessDenied', message: 'Request has expired' },
}

/** Sends the answer that the fault is; false if the fault is not an answer. */
export function answerWith(fault: Fault, response: ServerResponse): boolean {
  const answer = ANSWERS[fault]
  if (answer === undefined) return false
  const { status, code, message, headers } = answer
  response.writeHead(status, {
    'Content-Type': 'application/xml',
    // A page may read it: what the fault is about is the answer, not the lack of one.
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag, Retry-After',
    ...headers,
  })
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  )
  return true
}
