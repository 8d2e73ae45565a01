import type { FileInfo } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import type { LedgerEvents } from '../files/ledger-events.ts'
import { findViolation } from '../files/restrictions.ts'
import type { UppyPlugins } from '../transport/uppy-plugins.ts'
import type { FileJob } from './file-job.ts'

/** What {@link preprocess} works with. */
export interface PreprocessContext {
  plugins: UppyPlugins
  files: LedgerEvents
  options: Readonly<UploadEngineOptions>
  signal: AbortSignal
}

/**
 * Lets Uppy's plugins change a file, once, and checks the limits on what they make of it.
 *
 * @throws {UploadError} for a file that breaks a limit
 * @throws what a plugin throws, or the reason of the signal
 */
export async function preprocess(
  file: FileInfo,
  { plugins, files, options, signal }: PreprocessContext,
): Promise<Pick<FileJob, 'file' | 'options'>> {
  const { id } = file
  const { ledger } = files
  const isDone = plugins.isDone(file.file)
  ledger.replace(id, isDone ? file.file : await plugins.run(file, signal))
  if (!isDone) files.changed()
  const ready = ledger.get(id) ?? file
  const bytes = ledger.processedBytes - ready.size
  const error = findViolation(ready, { count: 0, bytes }, { ...options, maxFiles: undefined })
  if (error) throw error
  // After a reload people choose the original again, not what a plugin has made of it.
  const isMade = plugins.hasMade(ready.file)
  return { file: ready, options: isMade ? { ...options, resume: false } : options }
}
