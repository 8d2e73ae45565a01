import { executeServerCommand } from '@web/test-runner-commands'
import type { DiskFile } from '../browsers/disk-files.ts'

/** Writes a file of so many bytes to the disk, and picks it as the browser's file dialog would. */
export async function pickedFile(name: string, size: number): Promise<File> {
  const input = document.createElement('input')
  input.type = 'file'
  document.body.append(input)
  await command({ name, size, pick: true })
  const file = input.files?.[0]
  input.remove()
  if (!file) throw new Error('No file was picked.')
  return file
}

/** Gives a file on the disk so many bytes. */
export async function writeFile(name: string, size: number): Promise<void> {
  await command({ name, size })
}

/** Deletes a file from the disk. */
export async function deleteFile(name: string): Promise<void> {
  await command({ name })
}

function command(file: DiskFile): Promise<unknown> {
  return executeServerCommand('disk-file', file)
}
