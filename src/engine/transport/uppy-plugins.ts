import type Uppy from '@uppy/core'
import type { Meta } from '@uppy/core'
import { abortable } from '../../util/abort.ts'
import type { FileInfo } from '../api/file.ts'
import { keepBatch } from '../files/batches.ts'

/** A plugin's own options come after Uppy, as its class declares them. */
export type UppyPluginClass<Args extends unknown[], Plugin> = new (
  uppy: Uppy<Meta, Record<string, never>>,
  ...args: Args
) => Plugin

/** What all of Uppy's plugins have. */
export interface UppyPlugin {
  id: string
  type: string
}

/**
 * Lets Uppy's plugins work on whole files before they are uploaded. The Uppy that moves the bytes sees
 * units, which may be pieces of a file, so this is another one, without an uploader.
 */
export class UppyPlugins {
  readonly #uppy: Uppy<Meta, Record<string, never>>
  readonly #done = new WeakSet<File>()
  readonly #made = new WeakSet<File>()
  #isAdding = false
  #last: Promise<unknown> = Promise.resolve()

  /** @param add gets what a plugin itself brings, as a camera does */
  constructor(uppy: Uppy<Meta, Record<string, never>>, add: (file: File) => void) {
    this.#uppy = uppy
    uppy.on('file-added', ({ id, data, name, type }) => {
      if (this.#isAdding) return
      // Later, since the plugin may be about to do more with it.
      queueMicrotask(() => {
        uppy.removeFile(id)
        add(new File([data as Blob], name, { type }))
      })
    })
  }

  /**
   * Puts a plugin to work on all files that come after.
   *
   * @throws {Error} what Uppy throws, for example for a second plugin of the same id
   */
  use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    args: Args,
  ): Plugin {
    let used: Plugin | undefined
    // Uppy makes the instance, and does not return it.
    this.#uppy.use(Plugin as never, ...(args as never))
    this.#uppy.iteratePlugins((each) => {
      if (each instanceof Plugin) used = each
    })
    return used as Plugin
  }

  /** Whether the plugins have had this file, or have made it. */
  isDone(file: File): boolean {
    return this.#done.has(file)
  }

  /** Whether a plugin has made this file out of another one. */
  hasMade(file: File): boolean {
    return this.#made.has(file)
  }

  /**
   * What the plugins make of a file; the same one if they leave it alone. One after the other: an
   * image that is open takes up many times its size.
   *
   * @throws what a plugin throws, or the reason of the signal
   */
  run(info: FileInfo, signal: AbortSignal): Promise<File> {
    const made = this.#last.then(() => this.#preprocess(info, signal))
    this.#last = made.catch(() => {})
    return abortable(made, signal)
  }

  async #preprocess({ file, name, type }: FileInfo, signal: AbortSignal): Promise<File> {
    signal.throwIfAborted()
    const id = this.#add({ name, type, data: file })
    try {
      // Without an uploader this is all that the plugins do before one would begin.
      await this.#uppy.upload()
      const { data, name: madeName, type: madeType } = this.#uppy.getFile(id)
      const { lastModified } = file
      const made =
        data === file ? file : new File([data as Blob], madeName, { type: madeType, lastModified })
      this.#done.add(made)
      if (made === file) return file
      this.#made.add(made)
      keepBatch(made, file)
      return made
    } finally {
      this.#uppy.removeFile(id)
    }
  }

  #add(file: { name: string; type: string; data: File }): string {
    this.#isAdding = true
    try {
      return this.#uppy.addFile(file)
    } finally {
      this.#isAdding = false
    }
  }
}
