import { type UploadEngine, UploadError, type UploadErrorCode } from '../src/engine/index.ts'
import { report } from './files.ts'
import { stillEngine } from './still-engine.ts'

/** Errors that keep a file out of the list. */
const REJECTING: UploadErrorCode[] = [
  'too-large',
  'too-small',
  'type-not-allowed',
  'too-many-files',
  'total-too-large',
]

/** Facts that the sentences need. */
const FACTS = {
  'too-large': { limit: 25_000_000, size: 48_200_000 },
  'too-small': { limit: 10_000, size: 2_100 },
  'type-not-allowed': { accept: 'image/*' },
  'too-many-files': { limit: 3 },
  'total-too-large': { limit: 100_000_000 },
  'signer-failed': { status: 502 },
  'signer-answer-invalid': { said: '"url" is missing.' },
  'signer-refused': { said: 'Your plan has room for 5 GB. Remove a file first.' },
  'access-denied': { status: 403 },
  'bucket-refused': { status: 400, said: 'InvalidArgument' },
  'bucket-failed': { status: 500, said: 'InternalError' },
  unexpected: { said: 'TypeError: x is undefined' },
} as const

/** An engine that has this error and keeps it: some would disappear after a retry. */
export function errorEngine(code: UploadErrorCode): { engine: UploadEngine; error: UploadError } {
  const facts = code in FACTS ? FACTS[code as keyof typeof FACTS] : {}
  const { name, type, size } = report(0)
  const error = new UploadError(code, name, facts)
  const engine = stillEngine([])
  const file = { name, type, size, path: name, meta: {}, file: new File([], name) }
  const failed = { ...file, id: 'report', status: 'failed', error, loaded: 0 } as const
  const told = REJECTING.includes(code)
    ? { rejections: [{ file, error }] }
    : {
        files: [failed],
        ids: [failed.id],
        file: () => failed,
        counts: { ...engine.counts, failed: 1 },
        retry: () => {},
      }
  for (const [key, value] of Object.entries(told)) Object.defineProperty(engine, key, { value })
  return { engine, error }
}
