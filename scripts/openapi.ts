/** Writes `schema/openapi.json`: after a change of `schema/signer-v1.json`. */
import { writeFileSync } from 'node:fs'
import { OPENAPI_FILE, openApi } from './lib/openapi.ts'

writeFileSync(OPENAPI_FILE, openApi())
