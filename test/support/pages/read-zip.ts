/** A file in a zip. */
export interface Entry {
  path: string
  /** In local time: `2024-2-29 13:14:16`. */
  date: string
  bytes: Blob
  text: string
}

/**
 * The files of a zip that has nothing compressed, by the directory at its end.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function readZip(zip: Blob): Promise<Entry[]> {
  const view = new DataView(await zip.arrayBuffer())
  const end = view.byteLength - 22
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error('There is no end of a zip.')
  const entries: Entry[] = []
  let at = view.getUint32(end + 16, true)
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    const [size, length] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)]
    const isUtf8 = (view.getUint16(at + 8, true) & 0x0800) !== 0
    if (!isUtf8) throw new Error('A path is not in UTF-8.')
    const path = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, length))
    const header = view.getUint32(at + 42, true)
    const start =
      header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true)
    const bytes = zip.slice(start, start + size)
    const text = size < 1000 ? await bytes.text() : ''
    entries.push({ path, date: dateOf(view.getUint32(at + 12, true)), bytes, text })
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

function dateOf(time: number): string {
  const [day, month, year] = [(time >> 16) & 31, (time >> 21) & 15, 1980 + (time >>> 25)]
  return `${year}-${month}-${day} ${(time >> 11) & 31}:${(time >> 5) & 63}:${(time & 31) * 2}`
}
