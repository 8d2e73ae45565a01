import type { FileToAdd } from '../../engine/index.ts'

/** A copied image becomes a file when it is pasted. A younger file, in ms, counts as one. */
const JUST_NOW = 5_000

/**
 * Names what was pasted. Browsers name every copied image "image.png": it gets a name with the time
 * instead. A real file with that name keeps it, unless it was modified just now.
 *
 * @param now when it was pasted, in ms
 */
export function namePasted(files: FileToAdd[], now: number): FileToAdd[] {
  const time = stamp(new Date(now))
  let count = 0
  return files.map((item) => {
    const { name, type, lastModified } = item.file
    const [, extension] = /^(?:image|blob)?\.?(\w*)$/i.exec(name) ?? []
    const isNew = Math.abs(now - lastModified) < JUST_NOW
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
