import type { FileInfo } from './ledger.ts'

/** What one request to the bucket carries: a whole file, or (later) one part of it. */
export interface TransferUnit {
  /** Unique among all units. */
  readonly id: string
  readonly fileId: string
  readonly body: Blob
}

/** Cuts a file into the units that are sent for it. Today that is always the whole file in one PUT. */
export function planUnits(file: FileInfo): TransferUnit[] {
  return [{ id: `${file.id}.0`, fileId: file.id, body: file.file }]
}
