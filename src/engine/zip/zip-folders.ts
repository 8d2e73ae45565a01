import { loadModule } from '../../util/load-module.ts'
import type { FileToAdd, ItemToAdd } from '../files/file-to-add.ts'
import type { ZipOptions } from './zip-stream.ts'

/**
 * Makes one item of each folder: a zip, which is made while it is uploaded. Files that are in no folder stay as
 * they are. What belongs to a folder follows from the paths, as of a drop or a file input with `webkitdirectory`.
 *
 * Nothing inside is compressed. If a file can no longer be read, the whole upload fails with `file-unreadable`.
 *
 * @param files as of `filesFromDrop`. Without the code for zips, which is loaded here, none can be read
 * @param options `maxSize`, in bytes, ends a zip that will be larger before anything of it is sent; with
 *   `stripMetadata` the photos inside lose their metadata
 */
export async function zipFolders(
  files: Iterable<File | FileToAdd>,
  options: ZipOptions = {},
): Promise<ItemToAdd[]> {
  const items = Array.from(files, (item) => ('file' in item ? item : { file: item }))
  try {
    const { zipItems } = await loadModule(() => import('./zip-items.ts'))
    return zipItems(items, options)
  } catch {
    return items.map((item) => ({ ...item, isUnreadable: true }))
  }
}
