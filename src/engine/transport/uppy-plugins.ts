import type Uppy from '@uppy/core'
import type { Meta } from '@uppy/core'
import type { FileInfo } from '../api/file.ts'
import { keepBatch } from '../files/batches.ts'

/** The class of a plugin: its constructor takes Uppy and the plugin's own options. */
export type UppyPluginClass<Args extends unknown[], Plugin> = new (
  uppy: Uppy<Meta, Record<string, never>>,
  ...args: Args
) => Plugin

/** What all plugins of Uppy have. */
export interface UppyPlugin {
  id: string
  type: string
}

/**
 * Runs Uppy's plugins on whole files before the upload. The Uppy that sends the bytes only sees units,
 * which may be parts of a file, so this is a second one, without an uploader.
 */
export class UppyPlugins {
  readonly #uppy: Uppy<Meta, Record<string, never>>
  readonly #done = new WeakSet<File>()
  readonly #made = new WeakSet<File>()
  #isAdding = false
  #last: Promise<unknown> = Promise.resolve()

  /** @param add gets the files that a plugin adds, such as a camera */
  constructor(uppy: Uppy<Meta, Record<string, never>>, add: (file: File) => void) {
    this.#uppy = uppy
    uppy.on('file-added', ({ id, data, name, type }) => {
      if (this.#isAdding) return
      // Later, since the plugin may not be done with it.
      queueMicrotask(() => {
        uppy.removeFile(id)
        add(new File([data as Blob], name, { type }))
      })
    })
  }

  /**
   * Applies a plugin to all later files.
   *
   * @throws {Error} from Uppy, for example for a second plugin with the same id
   */
  use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    args: Args,
  ): Plugin {
    let used: Plugin | undefined
    // Uppy creates the instance and does not return it.
    this.#uppy.use(Plugin as never, ...(args as never))
    this.#uppy.iteratePlugins((each) => {
      if (each instanceof Plugin) used = each
    })
    return used as Plugin
  }

  /** Whether the plugins have processed this file, or made it. */
  isDone(file: File): boolean {
    return this.#done.has(file)
  }

  /** Whether a plugin has made this file from another one. */
  hasMade(file: File): boolean {
    return this.#made.has(file)
  }

  /** Treats a file as the one that it was made from. */
  keep(made: File, of: File): void {
    for (const files of [this.#done, this.#made]) if (files.has(of)) files.add(made)
  }

  /**
   * Runs the plugins on a file. Returns the same file if they do not change it. One file at a time: a
   * decoded image takes many times its size in memory.
   *
   * @throws from a plugin, or the reason of the signal, once it is the turn of the file
   */
  run(info: FileInfo, signal: AbortSignal): Promise<File> {
    const made = this.#last.then(() => this.#preprocess(info, signal))
    this.#last = made.catch(() => {})
    return made
  }

  async #preprocess({ file, name, type }: FileInfo, signal: AbortSignal): Promise<File> {
    signal.throwIfAborted()
    const id = this.#add({ name, type, data: file })
    try {
      // Without an uploader this runs the preprocessors only.
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
