/** The bytes of a file, as they were when it was chosen. */
export interface FileCopy {
  blob: Blob
  /** Deletes it, where it is on the disk. */
  discard?(): Promise<void>
}

/** A file that is being read, from its start. */
export interface OpenFile {
  size: number
  reader: ReadableStreamDefaultReader<Uint8Array>
  first: ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>
}
