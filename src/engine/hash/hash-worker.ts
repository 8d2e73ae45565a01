/**
 * The worker that most pages load: MD5 alone. Built into a file that contains all that it needs.
 *
 * @module
 */
import { createMD5 } from 'hash-wasm'
import { serve } from './hash-loop.ts'
import { withWebAssembly } from './web-assembly.ts'

serve(withWebAssembly({ md5: createMD5 }))
