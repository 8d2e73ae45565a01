import { UploadError } from './api/errors.ts'
import type { UploadEventDetails } from './api/events.ts'
import { FileChecks } from './files/file-checks.ts'
import { loadUploader } from './load-uploader.ts'
import type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
import type { Scheduler, UploaderHost } from './uploader/index.ts'

/** What {@link UploadQueue} needs of its engine. */
export interface QueueHost extends UploaderHost {
  /** Takes a file out of the list that the page does not accept. */
  reject: (id: string, rejection: UploadEventDetails['file-rejected']) => void
}

/** The scheduler, which is loaded with the first file, and the files that wait until it is there. */
export class UploadQueue {
  /** What the page checks of files before their turn can come. */
  readonly checks = new FileChecks({
    changed: (id, isChecking) => this.#check(id, isChecking),
    passed: (id) => {
      if (!this.#checking.delete(id)) return
      this.enqueue(id)
      this.pump()
    },
    failed: (id, rejection) => this.#host.reject(id, rejection),
  })
  readonly #host: QueueHost
  /** Files that are to be uploaded as soon as they are checked. */
  readonly #checking = new Set<string>()
  readonly #early = new Set<string>()
  #loading: Promise<Scheduler> | undefined
  #scheduler: Scheduler | undefined
  #wantsPlugins = false

  constructor(host: QueueHost) {
    this.#host = host
  }

  /** Whether a plugin may change the size of a file before it is uploaded. */
  get hasPlugins(): boolean {
    return this.#wantsPlugins || this.#scheduler?.hasPlugins === true
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

  /**
   * Loads the interrupted uploads.
   *
   * @throws {UploadError} `library-incomplete`
   */
  async loadInterrupted() {
    const scheduler = await this.load()
    return scheduler.loadInterrupted().catch(() => {
      throw new UploadError('library-incomplete', '')
    })
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
    this.#early.delete(id)
    this.#checking.delete(id)
    this.#scheduler?.stop(id)
  }

  /** Aborts the multipart upload of a file that is no longer wanted, and forgets how far it has come. */
  abandon(id: string): void {
    this.#scheduler?.abandon(id)
  }

  /** Lets the files go on that wait for a sign-in. */
  signedIn(): void {
    this.#scheduler?.signIn.done()
  }

  /** Forgets the grant by which the link of a file is renewed. */
  forgetLink(id: string): void {
    this.#scheduler?.links.forget(id)
  }

  #check(id: string, isChecking: boolean): void {
    const file = this.#host.ledger.get(id)
    if (file) this.#host.applyIfLegal(file, { type: 'check', isChecking })
  }

  async #begin(): Promise<void> {
    try {
      ;(await this.load()).pump()
    } catch (error) {
      const ids = [...this.#early]
      // A listener may retry a file, which then waits again.
      this.#early.clear()
      for (const id of ids) {
        const file = this.#host.ledger.get(id)
        if (file) this.#host.fail(file, error as UploadError)
      }
    }
  }
}
