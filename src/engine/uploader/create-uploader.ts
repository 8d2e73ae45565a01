import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import { DEFAULT_LIMIT, DEFAULT_RETRY_FOR, DEFAULT_STALL_TIMEOUT } from '../api/options.ts'
import type { FileToAdd } from '../files/file-to-add.ts'
import type { LedgerEvents } from '../files/ledger-events.ts'
import { HasherPool } from '../hash/hasher-pool.ts'
import type { InterruptedUploadsContext } from '../resume/interrupted-uploads.ts'
import { ResumeSessions } from '../resume/resume-session.ts'
import { fingerprintOf } from '../resume/resume-store.ts'
import { lockUpload, markShown, shownUploads } from '../resume/upload-locks.ts'
import { SignIn } from '../signer/sign-in.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { Transport, TransportFactory } from '../transport/transport.ts'
import { createUppy, UppyTransport } from '../transport/uppy-transport.ts'
import { LinkRenewer, linkIn } from './link-renewer.ts'
import { Sender, type SenderSettings } from './sender/sender.ts'
import { loadParts } from './upload-file.ts'

/** What the uploader needs of its engine. */
export interface UploaderHost {
  options: () => Readonly<UploadEngineOptions>
  files: LedgerEvents
  createTransport: TransportFactory | undefined
  /** Adds a file whose path is complete. Returns its id, if it is accepted. */
  addAgain: (file: FileToAdd) => string | undefined
  /** Adds a file that a plugin brings. */
  addFile: (file: File) => void
}

/** What {@link createUploader} works with. */
export interface UploaderContext
  extends Pick<InterruptedUploadsContext, 'scope' | 'add'>,
    Pick<UploaderHost, 'options' | 'files' | 'createTransport' | 'addFile'> {
  /** The one that the options name now. */
  signer: () => SignerClient
}

/** What an engine uploads with. */
export type Uploader = ReturnType<typeof createUploader>

/** Creates the objects that an engine uploads with. */
export function createUploader(context: UploaderContext) {
  const { signer, options, files } = context
  const signIn = new SignIn(
    (error) => !files.emit('sign-in-needed', { error }, { cancelable: true }),
  )
  const hasher = new HasherPool()
  const sessions = new ResumeSessions()
  const links = new LinkRenewer(signer, () => options().linkExpires)
  const { store } = sessions
  const tools = { store, fingerprintOf, lockUpload, markShown, shownUploads, linkIn, links }
  // Each in a separate file: most visits have no interrupted upload, and few sites work on files afterwards.
  const interrupted = later(
    () => import('../resume/interrupted-uploads.ts'),
    (it) => {
      return new it.InterruptedUploads({
        ...context,
        ...tools,
        files: () => files.ledger.files,
        abort,
      })
    },
  )
  const processing = later(
    () => import('../resume/processing.ts'),
    (it) => {
      return new it.Processing({ ...context, ...tools })
    },
  )
  return { hasher, sessions, interrupted, processing, links, signIn, createSender, startPlugins }

  function createSender(opened: () => void) {
    // Read each time, so that a changed option applies to the next request.
    const settings: SenderSettings = {
      get limit() {
        return options().limit ?? DEFAULT_LIMIT
      },
      get stallTimeout() {
        return options().stallTimeout ?? DEFAULT_STALL_TIMEOUT
      },
      get maxSpeed() {
        return options().maxSpeed
      },
      get retryFor() {
        return options().retryFor ?? DEFAULT_RETRY_FOR
      },
    }
    const transport = context.createTransport?.(settings) ?? new UppyTransport(settings)
    let lanes: Promise<Transport> | undefined
    return new Sender({
      settings,
      opened,
      transport,
      // In a separate file, since few buckets have them. Without it all goes by one lane.
      lanes: context.createTransport
        ? undefined
        : () => {
            lanes ??= import('../transport/lane-transport.ts').then(
              ({ LaneTransport }) => new LaneTransport(transport, settings),
              () => transport,
            )
            return lanes
          },
      hash: (body, checksums, signal) => {
        const md5 = options().integrity === 'off' ? [] : ['md5']
        return hasher.digest(body, [...md5, ...checksums], signal)
      },
      signIn: (error, signal) => signIn.wait(error, signal),
    })
  }

  async function abort(grant: string, fileName: string): Promise<void> {
    const { abortUpload } = await loadModule(loadParts)
    return abortUpload(signer(), grant, fileName)
  }

  /** In a separate file, since few pages use plugins. */
  async function startPlugins() {
    const { UppyPlugins } = await import('../transport/uppy-plugins.ts')
    return new UppyPlugins(createUppy(), context.addFile)
  }
}

/** What is loaded when it is first needed. `made` is `undefined` until then. */
interface Later<T> {
  made: T | undefined
  /** @throws {UploadError} `library-incomplete`; the next call tries again */
  load: () => Promise<T>
}

function later<Module, T>(load: () => Promise<Module>, make: (module: Module) => T): Later<T> {
  const it: Later<T> = {
    made: undefined,
    async load() {
      const module = await loadModule(load).catch(() => {
        throw new UploadError('library-incomplete', '')
      })
      it.made ??= make(module)
      return it.made
    },
  }
  return it
}
