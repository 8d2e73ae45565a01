import type { FileCopy } from './file-copy.ts'

/** Of each choice so many files are opened, and read into memory up to so many bytes in all. */
const MOST_FILES = 32
const MOST_BYTES = 16 * 2 ** 20
/** When the date of a larger file is looked at again, in ms after the one before. */
const LOOKS = [0, 100, 400, 1500]

/** A file that was opened. */
interface Opened {
  copy: () => Promise<FileCopy | undefined>
  /** The copy is not needed. */
  forget: () => void
}

const copies = new WeakMap<File, Opened>()

/**
 * Begins to read files that were just chosen. Call it at once, in the handler of `change`.
 *
 * Chromium reads no file whose date is not the one that it had when it was chosen, and those of cloud drives
 * on Android have another one at each look. What was opened before can be read on. Small files are read into
 * memory. Of larger ones only the beginning is, until the date turns out to change. In other browsers it does
 * nothing.
 *
 * @see https://issues.chromium.org/issues/40123366
 */
export function openChosen(files: Iterable<File>): void {
  // Only Chromium has it.
  if (!('userAgentData' in navigator)) return
  let room = MOST_BYTES
  for (const file of [...files].slice(0, MOST_FILES)) {
    if (file.size > room) copies.set(file, openLarge(file))
    else {
      room -= file.size
      const blob = new Response(file.stream()).blob()
      const copy = blob.then((blob) => ({ blob })).catch(() => undefined)
      copies.set(file, { copy: () => copy, forget: () => {} })
    }
  }
}

/** The copy of a file that was opened; `undefined` if there is none. */
export function copyOf(file: File): Promise<FileCopy | undefined> | undefined {
  return copies.get(file)?.copy()
}

/** Frees what was read of a file that is uploaded, or no longer in the list. */
export function forgetCopy(file: File): void {
  copies.get(file)?.forget()
  copies.delete(file)
}

function openLarge(file: File): Opened {
  const reader = file.stream().getReader()
  const first = reader.read()
  first.catch(() => {})
  let copying: Promise<FileCopy | undefined> | undefined
  let isUsed = false
  const begin = () => {
    copying ??= import('./copy-file.ts').then(
      ({ copyFile }) => copyFile({ size: file.size, reader, first }),
      () => undefined,
    )
    return copying
  }
  const close = () => void reader.cancel().catch(() => {})
  void isSteady(file).then((isSteady) => {
    // It may be uploaded meanwhile.
    const isNeeded = copies.has(file)
    if (isNeeded && !isSteady) void begin()
    else if (!copying) {
      // What comes later may be a real change, of which half would be in the copy.
      copies.delete(file)
      close()
    }
  })
  return {
    copy: () => {
      isUsed = true
      return begin()
    },
    forget: () => {
      if (!copying) close()
      // A copy in use is discarded by its user.
      else if (!isUsed) void copying.then((copy) => copy?.discard?.())
    },
  }
}

/** Whether the file can still be read after some looks at it. */
async function isSteady(file: File): Promise<boolean> {
  try {
    for (const ms of LOOKS) {
      await new Promise((resolve) => setTimeout(resolve, ms))
      await file.slice(0, 1).arrayBuffer()
    }
    return true
  } catch {
    return false
  }
}
