import type { FileSnapshot } from '../../engine/index.ts'

/** What helps a file that was not uploaded: the same again, the file once more, or nothing that people can do here. */
export type Cure = 'retry' | 'choose' | 'none'

const CHOOSE = ['file-unreadable', 'file-changed', 'file-needed', 'file-not-allowed']
/** What only the site can mend, and what stays wrong with the file. */
const NONE = [
  ...['signer-missing', 'signer-answer-invalid', 'forbidden', 'origin-not-allowed', 'invalid-key'],
  ...['checksum-needed', 'signature-mismatch', 'access-denied', 'bucket-not-found'],
  ...['bucket-refused', 'cors-blocked', 'too-large', 'too-small', 'type-not-allowed'],
  'metadata-not-removed',
]

/** What helps this file. */
export function cureOf(file: FileSnapshot): Cure {
  // Nobody has a stream twice.
  if (file.isLost) return 'none'
  if (file.status === 'cancelled') return 'retry'
  if (file.status !== 'failed') return 'none'
  const { code } = file.error
  if (CHOOSE.includes(code)) return 'choose'
  return NONE.includes(code) ? 'none' : 'retry'
}
