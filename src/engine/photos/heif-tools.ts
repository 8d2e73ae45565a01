import { ascii, textOf, viewOf } from './container.ts'
import { exifOf } from './orientation.ts'

/** Handed to `heif.ts`, which never imports them, for the reason that `uploader/tools.ts` gives. */
export const HEIF_TOOLS = { ascii, exifOf, textOf, viewOf }

/** What {@link cleanHeif} works with. */
export type HeifTools = typeof HEIF_TOOLS
