import { recognizeHost } from '../../s3/hosts.ts'
import type { Kept, ObjectOption } from '../../s3/service-facts.ts'
import type { Bucket } from '../api/bucket.ts'

/** What to do where a provider cannot keep it. */
const REMEDIES: Readonly<Record<Kept, string>> = {
  storageClass: 'Choose the class of the bucket instead',
  tags: 'Write it into "metadata" instead',
  acl: 'Leave it out, and see "links" for links that everybody can follow',
  'sse-s3': 'Leave it out, and set the encryption of the bucket',
  'sse-kms': 'Leave it out, and set the encryption of the bucket',
  governance: 'Use the mode "compliance" if it has that, or leave it out',
  compliance: 'Leave it out',
  legalHold: 'Leave it out',
  expires: 'Set "tags", and a lifecycle rule of the bucket for objects with that tag',
}

/**
 * Refuses what the provider would drop, or refuse at each upload.
 *
 * @param option of `objectOptions`
 * @throws {Error} that names the provider, and says what to do
 */
export function checkKept({ keeps, endpoint, provider }: Bucket, option: ObjectOption, kept: Kept) {
  if (keeps.includes(kept)) return
  const who = recognizeHost(endpoint)?.title ?? provider
  const what = option === kept ? '' : ` "${kept}"`
  throw new Error(
    `"${option}": ${who} is not known to keep${what || ' that'} for each object. ${REMEDIES[kept]}.`,
  )
}
