/** What a file dialog offers. */
export interface PickOptions {
  accept: string | undefined
  multiple: boolean
  /** A folder with all that is in it, instead of files. */
  directory: boolean
  /** On phones: take a picture with the camera of the `user` or the `environment`. */
  capture: string | undefined
}

/**
 * Opens the file dialog. Works only while a click or key press is handled: browsers ask for that.
 *
 * @param input the element's own, so that a page that looks for an input finds one
 */
export function openPicker(input: HTMLInputElement, options: PickOptions): void {
  input.accept = options.accept ?? ''
  input.multiple = options.multiple || options.directory
  input.webkitdirectory = options.directory
  if (options.capture === undefined) input.removeAttribute('capture')
  else input.setAttribute('capture', options.capture)
  input.click()
}

/** What was picked. Empties the input: otherwise picking the same file again would be no change. */
export function takePicked(input: HTMLInputElement): File[] {
  const files = [...(input.files ?? [])]
  input.value = ''
  return files
}
