/** The body of one request to the bucket: a whole file, or one part of it. */
export interface TransferUnit {
  /** Unique among all units. */
  readonly id: string
  readonly fileId: string
  readonly body: Blob
  /** 1 for the first part; absent for a whole file. */
  readonly partNumber?: number
}

/** The unit of a whole file. */
export function wholeFile(fileId: string, file: File): TransferUnit {
  return { id: `${fileId}.0`, fileId, body: file }
}

/** Splits a file into parts. Reads nothing: a slice is only a reference. */
export function cutIntoParts(fileId: string, file: File, partSize: number) {
  return Array.from({ length: Math.ceil(file.size / partSize) }, (_, index) => ({
    id: `${fileId}.${index + 1}`,
    fileId,
    body: file.slice(index * partSize, (index + 1) * partSize),
    partNumber: index + 1,
  }))
}
