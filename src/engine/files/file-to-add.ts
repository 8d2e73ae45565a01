import { UploadError } from '../api/errors.ts'
import type { CandidateFile } from '../api/file.ts'
import { noteBatches } from './batches.ts'
import { type FileHandle, noteHandle } from './file-handles.ts'

/** A file to add, with what the browser does not tell of it. */
export interface FileToAdd {
  file: File
  /** Path inside a folder. Default: what the browser knows of it, else the name. */
  path?: string
  /** Media type. Default: what the browser takes it for. */
  type?: string
  /** Handed to the signer with the file. */
  meta?: Record<string, string>
  /**
   * By which the file can be read again after a reload, without being chosen again: from a drop,
   * `showOpenFilePicker()` or the origin's own file system. Kept only while the file goes up in parts.
   */
  handle?: FileHandle | undefined
  /** It is there, but the browser could not read it: to be rejected with `file-unreadable`. */
  isUnreadable?: boolean
}

const unreadable = new WeakSet<File>()

/**
 * What the engine knows of files that are added together, before they are accepted.
 *
 * @param prefix goes before each path
 */
export function toCandidates(
  items: Iterable<File | FileToAdd>,
  prefix: string | null | undefined,
): CandidateFile[] {
  const folder = (prefix ?? '').replace(/^\/+|\/+$/g, '')
  const candidates = Array.from(items, (item) => {
    const candidate = toCandidate(item)
    return folder ? { ...candidate, path: `${folder}/${candidate.path}` } : candidate
  })
  noteBatches(candidates)
  return candidates
}

/** An error for a file that the browser could not even read when it was added. */
export function unreadableError({ file, name }: CandidateFile): UploadError | undefined {
  return unreadable.has(file) ? new UploadError('file-unreadable', name) : undefined
}

function toCandidate(item: File | FileToAdd): CandidateFile {
  const { file, path, type, meta, handle, isUnreadable } =
    item instanceof File ? ({ file: item } as FileToAdd) : item
  noteHandle(file, handle)
  if (isUnreadable) unreadable.add(file)
  return {
    name: file.name,
    size: file.size,
    type: type ?? file.type,
    path: path || file.webkitRelativePath || file.name,
    meta: { ...meta },
    file,
  }
}
