import type { Bucket } from '../api/bucket.ts'
import type { Fetch } from '../api/options.ts'
import { checkKey } from '../keys/key.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { removeUnkeptTag } from './tag.ts'

/** What {@link keep} may be told besides the key. */
export interface KeepOptions {
  /**
   * Sends the requests to the bucket.
   *
   * @default the global `fetch`
   */
  fetch?: Fetch | undefined
}

/**
 * Keeps an object that a signer with `expireUnkept` has let in: it no longer expires, and can no longer be
 * taken back. To keep what is kept already does nothing. For the site's own back end, once it has what
 * the file belongs to, such as the form.
 *
 * @example await keep(bucket, readReceipt(secret, text, { user }).key)
 * @throws {SignerError} `upload-gone` if the object is not there any more, `invalid-key`, or
 *   `internal-error` when the bucket fails
 */
export async function keep(bucket: Bucket, key: string, options: KeepOptions = {}): Promise<void> {
  checkKey(key)
  const client = openBucket({
    bucket,
    uploadExpires: 900,
    fetch: (url, init) => (options.fetch ?? globalThis.fetch)(url, init),
    now: () => new Date(),
    // What goes wrong is thrown.
    onError: () => {},
  })
  await removeUnkeptTag(client, key)
}
