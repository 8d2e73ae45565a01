/** What `npm run build` has made: a test that reads it imports its place from here, so that it is built first. */
import { fileURLToPath } from 'node:url'

/** The folder of the package's files. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** The folder of the files for a page without a bundler. */
export const CDN = `${DIST}/cdn`
