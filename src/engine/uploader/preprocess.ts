import { abortable } from '../../util/abort.ts'
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import type { LedgerEvents } from '../files/ledger-events.ts'
import { noteMade, originalSizeOf } from '../files/made-files.ts'
import { findViolation } from '../files/restrictions.ts'
import type { UppyPlugins } from '../transport/uppy-plugins.ts'
import type { FileJob } from './file-job.ts'

/** What {@link preprocess} works with. */
export interface PreprocessContext {
  /** The plugins in use, if any. */
  plugins: UppyPlugins | undefined
  files: LedgerEvents
  options: Readonly<UploadEngineOptions>
  signal: AbortSignal
}

/**
 * Changes a file before anything of it is sent, once: by Uppy's plugins, then by taking the metadata out
 * of photos.
 *
 * @throws {UploadError} for a file that breaks a limit, or whose metadata stays
 * @throws what a plugin throws, or the reason of the signal
 */
export async function preprocess(
  file: FileInfo,
  context: PreprocessContext,
): Promise<Pick<FileJob, 'file' | 'options'>> {
  const { plugins, options } = context
  let ready = plugins ? await runPlugins(file, plugins, context) : file
  if (options.stripMetadata) ready = await withoutMetadata(ready, context)
  // After a reload people choose the original again, not what a plugin has made of it.
  const isMade = plugins?.hasMade(ready.file)
  return { file: ready, options: isMade ? { ...options, resume: false } : options }
}

/** Checks the limits on what the plugins make of the file. */
async function runPlugins(
  file: FileInfo,
  plugins: UppyPlugins,
  { files, options, signal }: PreprocessContext,
): Promise<FileInfo> {
  const { id } = file
  const { ledger } = files
  const isDone = plugins.isDone(file.file)
  ledger.replace(id, isDone ? file.file : await abortable(plugins.run(file, signal), signal))
  if (!isDone) files.changed()
  const ready = ledger.get(id) ?? file
  const bytes = ledger.processedBytes - ready.size
  const error = findViolation(ready, { count: 0, bytes }, { ...options, maxFiles: undefined })
  if (error) throw error
  return ready
}

async function withoutMetadata(
  file: FileInfo,
  { plugins, files, signal }: PreprocessContext,
): Promise<FileInfo> {
  const { id, name, type, file: chosen } = file
  if (originalSizeOf(chosen) !== undefined) return file
  // In a separate file, since few pages ask for it.
  const { stripMetadata } = await loadModule(() => import('../photos/strip-metadata.ts')).catch(
    () => {
      throw new UploadError('library-incomplete', name)
    },
  )
  const stripped = await abortable(stripMetadata(chosen, type), signal)
  if (!stripped) return file
  noteMade(stripped, chosen)
  plugins?.keep(stripped, chosen)
  files.ledger.replace(id, stripped)
  files.changed()
  return files.ledger.get(id) ?? file
}
