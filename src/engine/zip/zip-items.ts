/**
 * Loaded with the first choice or drop of a page that makes zips of folders.
 *
 * @module
 */
import type { FileToAdd, ItemToAdd } from '../files/file-to-add.ts'
import { safePath, UniquePaths } from './zip-paths.ts'
import { type FileInZip, type ZipOptions, zipStream } from './zip-stream.ts'

/** A stream in the place of the first file of each folder, and all files that are in none. */
export function zipItems(items: readonly FileToAdd[], options: ZipOptions): ItemToAdd[] {
  const folders = Map.groupBy(items, folderOf)
  return [...folders].flatMap(([folder, its]): ItemToAdd[] => {
    if (folder === undefined) return its
    const name = `${folder}.zip`
    return [{ stream: zipStream(name, filesIn(its), options), name, type: 'application/zip' }]
  })
}

function pathOf({ file, path }: FileToAdd): string {
  return safePath(path || file.webkitRelativePath || file.name)
}

function folderOf(item: FileToAdd): string | undefined {
  const path = pathOf(item)
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : undefined
}

function filesIn(items: readonly FileToAdd[]): FileInZip[] {
  const paths = new UniquePaths()
  return items.map((item) => ({ ...item, path: paths.add(pathOf(item)) }))
}
