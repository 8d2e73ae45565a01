/** Whether a drag, a drop or a paste brings files. */
export function hasFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes('Files') ?? false
}

/**
 * Handles a drag or drop of files, so that the browser does not leave the page to open the file.
 *
 * @param isAccepted whether the files are taken when they are dropped here
 * @returns false when it brings no files: then the event is left alone
 */
export function claimDrag(event: DragEvent, isAccepted: boolean): boolean {
  const { dataTransfer } = event
  if (!hasFiles(dataTransfer)) return false
  event.preventDefault()
  dataTransfer.dropEffect = isAccepted ? 'copy' : 'none'
  return true
}
