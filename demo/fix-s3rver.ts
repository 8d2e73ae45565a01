/**
 * Mends one line of @20minutes/s3rver 5.0 as it is loaded: in the query of a Signature Version 4 it
 * leaves `! ' ( ) *` as they are, while the standard encodes them. Without this it refuses every
 * link with a `filename*=UTF-8''…` in it, which AWS, Ceph and the others accept. Import it first.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html (UriEncode)
 */
import { registerHooks } from 'node:module'

const WRONG = '[param, value].map(encodeURIComponent).join'
const RIGHT = '[param, value].map(encodeURIComponentRFC3986).join'

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith('/s3rver/lib/middleware/authentication.js')) return loaded
    const source = String(loaded.source)
    if (!source.includes(WRONG)) throw new Error('s3rver has changed: is fix-s3rver still needed?')
    return { ...loaded, source: source.replace(WRONG, RIGHT) }
  },
})
