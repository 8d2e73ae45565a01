/**
 * Puts text on the clipboard.
 *
 * @param text may be a promise: browsers that require a click accept it while it is pending
 * @returns false if the browser does not allow it
 * @throws the error that `text` is rejected with
 */
export async function copyText(text: string | Promise<string>): Promise<boolean> {
  try {
    if (typeof text === 'string') await navigator.clipboard.writeText(text)
    else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': toBlob(text) })])
    return true
  } catch {
    // Not a secure context, no permission, or no support for promises.
    return copyAtOnce(await text)
  }
}

async function toBlob(text: Promise<string>): Promise<Blob> {
  return new Blob([await text], { type: 'text/plain' })
}

async function copyAtOnce(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // `execCommand` is deprecated, but most browsers still have it.
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.style.setProperty('position', 'fixed')
  field.style.setProperty('opacity', '0')
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  return copied
}
