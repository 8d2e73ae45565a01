import { abortable } from '../../util/abort.ts'
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import { keepBatch } from '../files/batches.ts'
import { gzipped } from '../files/describe-file.ts'
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
 * of photos and by compressing texts.
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
  if (options.compress) ready = await compressed(ready, context)
  // After a reload people choose the original again, not what a plugin or another version of this browser
  // has made of it.
  const isMade = plugins?.hasMade(ready.file) || gzipped.has(ready.file)
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

async function compressed(file: FileInfo, context: PreprocessContext): Promise<FileInfo> {
  if (gzipped.has(file.file)) return file
  const { gzip } = await loadModule(() => import('../compress/gzip.ts')).catch(() => {
    throw new UploadError('library-incomplete', file.name)
  })
  const made = await abortable(gzip(file.file, file.type), context.signal)
  if (!made) return file
  gzipped.add(made)
  keepBatch(made, file.file)
  return replace(file, made, context)
}

async function withoutMetadata(file: FileInfo, context: PreprocessContext): Promise<FileInfo> {
  const { name, type, file: chosen } = file
  if (originalSizeOf(chosen) !== undefined) return file
  // In a separate file, since few pages ask for it.
  const { stripMetadata } = await loadModule(() => import('../photos/strip-metadata.ts')).catch(
    () => {
      throw new UploadError('library-incomplete', name)
    },
  )
  const stripped = await abortable(stripMetadata(chosen, type), context.signal)
  if (!stripped) return file
  noteMade(stripped, chosen)
  return replace(file, stripped, context)
}

function replace(file: FileInfo, made: File, { plugins, files }: PreprocessContext): FileInfo {
  plugins?.keep(made, file.file)
  files.ledger.replace(file.id, made)
  files.changed()
  return files.ledger.get(file.id) ?? file
}
