import type { RestoredFile } from '../base/existing-files.ts'

/**
 * What the form sends for a file: object key, URL without a signature, the signer's receipt, or JSON with key,
 * name, size, type, ETag, meta.
 */
export type FormValue = 'key' | 'url' | 'receipt' | 'json'

/** A file in the bucket: uploaded now, or existing. */
export interface StoredFile {
  readonly key: string | null
  readonly name: string
  readonly size?: number | undefined
  readonly type?: string | undefined
  readonly url?: string | undefined
  readonly address?: string | undefined
  readonly etag?: string | null
  readonly receipt?: string | undefined
  readonly meta?: Readonly<Record<string, string>> | undefined
}

/** The form entry of a file. Without a receipt it is the key, and without a key from the signer the URL. */
export function formEntry(file: StoredFile, format: FormValue | undefined): string {
  const { key, name, size, type, etag = null, meta = {} } = file
  const data = Object.keys(meta).length > 0 ? { meta } : {}
  const url = file.address ?? file.url ?? ''
  if (format === 'json') return JSON.stringify({ key, name, size, type, etag, ...data })
  return (format === 'url' && url) || (format === 'receipt' && file.receipt) || key || url
}

/** The state that the browser restores with a page. */
export interface FormState {
  uploaded: RestoredFile[]
  removed: string[]
}

/** Serializes the uploaded and removed files. Without links: they are signed, and must not be stored. */
export function writeState(
  uploaded: readonly StoredFile[],
  removed: readonly { key: string }[],
): string {
  const state: FormState = {
    uploaded: uploaded.map(({ key, name, size, type, meta, receipt, url, address = url }) => ({
      key: key ?? address ?? '',
      name,
      size,
      type,
      meta,
      receipt,
      address,
    })),
    removed: removed.map((file) => file.key),
  }
  return JSON.stringify(state)
}

/** Reads the state. Anything else, for instance of another version of the page, counts as empty. */
export function readState(text: unknown): FormState {
  try {
    const { uploaded, removed } = JSON.parse(String(text))
    const isFile = (file?: RestoredFile) =>
      typeof file?.key === 'string' && typeof file.name === 'string'
    return { uploaded: uploaded.filter(isFile), removed: removed.map(String) }
  } catch {
    return { uploaded: [], removed: [] }
  }
}
