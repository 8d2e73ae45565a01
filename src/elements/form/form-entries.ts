import type { RestoredFile } from '../base/existing-files.ts'

/** What the form gets of each file: its object key, its address without a signature, or both and more as JSON. */
export type FormValue = 'key' | 'url' | 'json'

/** A file that is in the bucket: just uploaded, or there before. */
export interface StoredFile {
  readonly key: string | null
  readonly name: string
  readonly size?: number | undefined
  readonly type?: string | undefined
  readonly url?: string | undefined
  readonly address?: string | undefined
  readonly etag?: string | null
}

/** The entry of a file. Where a signer tells no key, the address has to do. */
export function formEntry(file: StoredFile, format: FormValue | undefined): string {
  const { key, name, size, type, etag = null } = file
  const url = file.address ?? file.url ?? ''
  if (format === 'json') return JSON.stringify({ key, name, size, type, etag })
  return (format === 'url' && url) || key || url
}

/** What comes back when the browser restores a page. */
export interface FormState {
  uploaded: RestoredFile[]
  removed: string[]
}

/** Writes down what was uploaded and what was removed. Without links, which are signed. */
export function writeState(
  uploaded: readonly StoredFile[],
  removed: readonly { key: string }[],
): string {
  const state: FormState = {
    uploaded: uploaded.map(({ key, name, size, type, url, address = url }) => ({
      key: key ?? address ?? '',
      name,
      size,
      type,
      address,
    })),
    removed: removed.map((file) => file.key),
  }
  return JSON.stringify(state)
}

/** Reads it again. What is something else, for instance of another version of the page, counts as nothing. */
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
