/**
 * The worker for pages that may not compile WebAssembly, because of their Content-Security-Policy or of
 * the browser's settings. Four times slower, and without the CRCs.
 *
 * @module
 */
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { serve } from './hash-loop.ts'

serve(
  Promise.resolve({
    md5: async () => md5.create(),
    sha1: async () => sha1.create(),
    sha256: async () => sha256.create(),
  }),
)
