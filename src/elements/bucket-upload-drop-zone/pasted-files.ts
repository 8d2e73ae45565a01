import { type FileToAdd, filesFromDrop } from '../../engine/index.ts'

/** A picture that was copied as such becomes a file as it is pasted, in ms. */
const JUST_NOW = 5_000

/**
 * Reads what was pasted. A picture that was copied as such is "image.png" in every browser: it gets a
 * name that says when. A file that really has that name keeps it, unless it is as new.
 *
 * Must be called while the `paste` event is handled.
 */
export async function filesFromPaste(data: DataTransfer): Promise<FileToAdd[]> {
  const time = stamp(new Date())
  let count = 0
  return (await filesFromDrop(data)).map((item) => {
    const { name, type, lastModified } = item.file
    const [, extension] = /^(?:image|blob)?\.?(\w*)$/i.exec(name) ?? []
    const isNew = Math.abs(Date.now() - lastModified) < JUST_NOW
    if (item.path || extension === undefined || !type.startsWith('image/') || !isNew) return item
    count++
    const number = count > 1 ? `-${count}` : ''
    const end = extension || type.slice('image/'.length).replace(/\W.*/, '')
    const file = new File([item.file], `pasted-${time}${number}.${end}`, { type, lastModified })
    return { file }
  })
}

/** Local time, as in `2026-11-24-153000`. */
function stamp(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`
}
