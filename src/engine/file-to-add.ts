import type { CandidateFile } from './events.ts'
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
}

/** What the engine knows of a file before it is accepted. */
export function toCandidate(item: File | FileToAdd): CandidateFile {
  const { file, path, type, meta, handle } =
    item instanceof File ? ({ file: item } as FileToAdd) : item
  noteHandle(file, handle)
  return {
    name: file.name,
    size: file.size,
    type: type ?? file.type,
    path: path || file.webkitRelativePath || file.name,
    meta: { ...meta },
    file,
  }
}
