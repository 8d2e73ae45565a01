/**
 * Puts text on the clipboard.
 *
 * @param text may still be on its way: a browser that asks for a click then still knows of it
 * @returns false where the browser does not allow it
 * @throws what the text is rejected with
 */
export async function copyText(text: string | Promise<string>): Promise<boolean> {
  try {
    if (typeof text === 'string') await navigator.clipboard.writeText(text)
    else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': toBlob(text) })])
    return true
  } catch {
    // No clipboard outside a secure context, no permission, or none for what is not there yet.
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
    // The old way still works in most.
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
