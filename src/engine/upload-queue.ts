import type { UploadError } from './api/errors.ts'
import type { Restrictions } from './api/options.ts'
import { FileChecks } from './files/file-checks.ts'
import { withoutSizes } from './files/restrictions.ts'
import { loadUploader } from './load-uploader.ts'
import type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
import type { Scheduler, UploaderHost } from './uploader/index.ts'

/** The files that wait: for `start()`, or until the scheduler is there, which is loaded with the first file. */
export class UploadQueue {
  /** What the page checks of files before their turn can come. */
  readonly checks = new FileChecks({
    changed: (id, isChecking) => this.#check(id, isChecking),
    passed: (id) => {
      if (!this.#checking.delete(id)) return
      this.enqueue(id)
      this.pump()
    },
    failed: (id, rejection) => {
      this.drop(id)
      this.#host.files.remove(id, rejection)
      this.pump()
    },
  })
  readonly #host: UploaderHost
  /** Files that wait for {@link start}. */
  readonly #unstarted = new Set<string>()
  /** Files that are to be uploaded as soon as they are checked. */
  readonly #checking = new Set<string>()
  readonly #early = new Set<string>()
  #loading: Promise<Scheduler> | undefined
  #scheduler: Scheduler | undefined
  #wantsPlugins = false

  constructor(host: UploaderHost) {
    this.#host = host
  }

  /** What files must keep when they are added. A plugin may still change the size of a file. */
  get restrictions(): Restrictions {
    const hasPlugins = this.#wantsPlugins || this.#scheduler?.hasPlugins === true
    return hasPlugins ? withoutSizes(this.#host.options()) : this.#host.options()
  }

  /**
   * Loads the scheduler, once.
   *
   * @throws {UploadError} `library-incomplete`; the next call tries again
   */
  load(): Promise<Scheduler> {
    this.#loading ??= loadUploader(this.#host).then((scheduler) => {
      this.#scheduler = scheduler
      for (const id of this.#early) scheduler.enqueue(id)
      this.#early.clear()
      return scheduler
    })
    this.#loading.catch(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  /** See {@link UploadEngine.prepare}. */
  async prepare(): Promise<void> {
    // While the browser is offline there is nothing to load it from.
    if (globalThis.navigator?.onLine === false) return
    try {
      ;(await this.load()).prepare()
    } catch {
      // Adding a file reports it.
    }
  }

  /**
   * Loads the interrupted uploads.
   *
   * @throws {UploadError} `library-incomplete`
   */
  async loadInterrupted() {
    const scheduler = await this.load()
    return scheduler.loadInterrupted()
  }

  /** See {@link UploadEngine.use}. */
  async use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    args: Args,
  ): Promise<Plugin> {
    this.#wantsPlugins = true
    try {
      return await (await this.load()).use(Plugin, args)
    } finally {
      // From here on the scheduler knows.
      this.#wantsPlugins = false
    }
  }

  /** Number of files that wait for {@link start}. */
  get unstarted(): number {
    return this.#unstarted.size
  }

  /** Adds new files, which start when it is their turn, or with {@link start}. Call {@link pump} then. */
  add(ids: string[]): void {
    if (!this.#host.options().manual) this.#enqueueAll(ids)
    else for (const id of ids) this.#unstarted.add(id)
  }

  /** Lets the files go that wait for it. */
  start(): void {
    // They may have been moved since.
    this.#enqueueAll(this.#host.files.ledger.ids.filter((id) => this.#unstarted.has(id)))
    this.#unstarted.clear()
  }

  /** The smallest go first: most files are then soon done, and the last one shows how long it takes. */
  #enqueueAll(ids: string[]): void {
    const { options, files } = this.#host
    const isSorted = options().order !== 'as-added'
    for (const id of isSorted ? files.ledger.smallestFirst(ids) : ids) this.enqueue(id)
  }

  /** Adds a file, which starts when it is its turn. Call {@link pump} after the last one. */
  enqueue(id: string): void {
    if (this.checks.has(id)) {
      this.#checking.add(id)
      this.#check(id, true)
    } else if (this.#scheduler) this.#scheduler.enqueue(id)
    else this.#early.add(id)
  }

  /** Removes all files that have not started. */
  clear(): void {
    this.#unstarted.clear()
    this.#early.clear()
    this.#checking.clear()
    this.#scheduler?.clear()
  }

  /** Starts the files whose turn it is. */
  pump(): void {
    if (this.#scheduler) this.#scheduler.pump()
    else if (this.#early.size > 0) void this.#begin()
  }

  /** Stops the upload of a file. It can go on later. */
  stop(id: string): void {
    this.#unstarted.delete(id)
    this.#early.delete(id)
    this.#checking.delete(id)
    this.#scheduler?.stop(id)
  }

  /** Stops the upload of a file that is no longer wanted, aborts it in the bucket, and forgets it. */
  drop(id: string): void {
    this.stop(id)
    this.#host.files.lose(id)
    this.#scheduler?.abandon(id)
  }

  /** Lets the files go on that wait for a sign-in. */
  signedIn(): void {
    this.#scheduler?.signIn.done()
  }

  #check(id: string, isChecking: boolean): void {
    const { files } = this.#host
    const file = files.ledger.get(id)
    if (file) files.applyIfLegal(file, { type: 'check', isChecking })
  }

  async #begin(): Promise<void> {
    try {
      ;(await this.load()).pump()
    } catch (error) {
      const { files } = this.#host
      const ids = [...this.#early]
      // A listener may retry a file, which then waits again.
      this.#early.clear()
      for (const id of ids) {
        const file = files.ledger.get(id)
        if (file) files.fail(file, error as UploadError)
      }
    }
  }
}
