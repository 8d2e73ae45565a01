import type { ErrorFacts, ErrorTexts } from './errors.ts'

const status = (facts: ErrorFacts) => (facts.status ? ` with HTTP ${facts.status}` : '')
const said = (facts: ErrorFacts) => (facts.said ? ` It said: ${facts.said}` : '')
const advice = (facts: ErrorFacts) => (facts.advice ? ` ${facts.advice}` : '')

/** What a developer has to check, by the code of the error. Where there is none, the message says it all. */
export const ERROR_HINTS: ErrorTexts = {
  'meta-too-long': () =>
    '"meta" is more than a signer takes: 64 names, 2,048 characters a value, 8,192 in all.',
  'file-needed': () =>
    'This upload has no file handle: pass the file to resumeInterrupted(id, file).',
  'file-not-allowed': () => 'Permission was denied, or not requested in a click handler.',
  'signer-missing': () =>
    'Set the "signer" attribute to the URL of a signer, or the property to a function.',
  'signer-unreachable': () =>
    'The signer did not answer, or its CORS headers do not allow this page. Is it running, is the URL right, and does createSigner({ origins }) list the origin of this page?',
  'signer-timeout': () =>
    'The signer did not answer in time. "signer-timeout" sets the limit, in ms.',
  'signer-failed': (facts) => `The signer failed${status(facts)}.${said(facts)}`,
  'signer-answer-invalid': (facts) => `The answer breaks the signer contract.${said(facts)}`,
  unauthorized: () => 'The signer answered 401. Does it get the cookie or header that it needs?',
  forbidden: (facts) => `The signer answered 403.${said(facts)}`,
  'origin-not-allowed': () => 'Add the origin of this page to createSigner({ origins }).',
  'invalid-key': (facts) => `The signer refused the object key.${said(facts)}`,
  'invalid-grant': () =>
    'The grant has expired, or was issued to another user or by another signer.',
  'parts-needed': () =>
    'The bucket cannot list the parts of an upload, and the page did not name them.',
  'parts-differ': () =>
    'The parts in the bucket differ from what was sent, even after a second upload.',
  'upload-gone': (facts) => `The bucket no longer has this multipart upload.${said(facts)}`,
  'upload-incomplete': (facts) => `The parts in the bucket do not make up the file.${said(facts)}`,
  'checksum-needed': (facts) =>
    `Are hash-worker.js, hash-more.js and hash-plain.js served beside the library, and does the Content-Security-Policy allow them (worker-src)?${said(facts)}`,
  'url-expired': () =>
    'The presigned URL had expired when it reached the bucket. Is the clock of the signer right, and the lifetime long enough?',
  'signature-mismatch': (facts) =>
    `The signature does not match: the secret key is wrong, or headers, size or type differ from what was signed.${said(facts)}${advice(facts)}`,
  'access-denied': (facts) =>
    `The bucket answered${status(facts)}. May the access key of the signer write to it?${said(facts)}`,
  'bucket-not-found': () =>
    'No bucket has this name at this endpoint. Check the name and the region.',
  'bucket-refused': (facts) =>
    facts.status
      ? `The bucket answered${status(facts)}.${said(facts)}${advice(facts)}`
      : `CORS allows this page, but the bucket rejected the request without CORS headers, so the browser hides the answer. Usually the signature is wrong: a different secret key, or headers, size or type that differ from what was signed.${advice(facts)}`,
  'bucket-failed': (facts) => `The bucket answered${status(facts)}.${said(facts)}`,
  'bucket-unreachable': () => 'The host of the presigned URL does not answer. Check the endpoint.',
  'cors-blocked': (facts) =>
    `The bucket answers, but its CORS rule does not allow this page.${facts.advice ? `\n${facts.advice}` : ''}`,
  stalled: () => 'The bucket accepted the request, then stopped reading or answering.',
  corrupted: () => 'The bytes that arrived do not match the signed MD5 or checksum.',
  'connection-lost': () =>
    'If it happens every time, the bucket may reject the request early, without CORS headers. Send it with curl to see the answer.',
  unexpected: (facts) => facts.said ?? '',
}
