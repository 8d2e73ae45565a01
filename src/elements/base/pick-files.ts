import { openChosen } from '../../engine/index.ts'

/** Options of a file dialog. */
export interface PickOptions {
  accept: string | undefined
  multiple: boolean
  /** Pick a folder with everything in it, instead of files. */
  directory: boolean
  /** On phones: open the front camera (`user`) or the back camera (`environment`). */
  capture: string | undefined
}

/**
 * Opens the file dialog. Browsers allow this only while a click or key press is handled.
 *
 * @param input the input of the element, so that code that looks for a file input finds one
 */
export function openPicker(input: HTMLInputElement, options: PickOptions): void {
  input.accept = options.accept ?? ''
  input.multiple = options.multiple || options.directory
  input.webkitdirectory = options.directory
  if (options.capture === undefined) input.removeAttribute('capture')
  else input.setAttribute('capture', options.capture)
  input.click()
}

/** Returns the picked files and empties the input: otherwise picking the same file again fires no event. */
export function takePicked(input: HTMLInputElement): File[] {
  const files = [...(input.files ?? [])]
  openChosen(files)
  input.value = ''
  return files
}
