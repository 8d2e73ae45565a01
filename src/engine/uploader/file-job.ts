import type { Digests, SignedResponse } from '../../protocol/index.ts'
import { UploadError, type UploadErrorCode } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import type { FileEvent } from '../files/file-state.ts'
import type { HasherPool } from '../hash/hasher-pool.ts'
import type { ResumeSession, ResumeSessions } from '../resume/resume-session.ts'
import type { MultipartUpload } from '../signer/multipart.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { SignerSession } from '../signer/signer-session.ts'
import type { StreamUpload } from '../streams/put-stream.ts'
import type { FileProgress } from './file-progress.ts'
import type { LinkRenewer } from './link-renewer.ts'
import type { Sender } from './sender/sender.ts'

/** How far the upload of a file has come. Outlives a pause, a failure and a retry. */
export interface UploadCheckpoint {
  /** Names the key of a single PUT, so that another try does not make another object. */
  grant?: string | undefined
  /** Names the key of a multipart upload before it is created. */
  nonce?: string | undefined
  upload?: MultipartUpload | undefined
  /** Whether it is this upload that is stored for the next page. */
  isNoted?: boolean
  /** The answer to `create`, until it is there: a pause must not begin another upload. */
  creating?: Promise<MultipartUpload> | undefined
  /** It is stored for the next page, which can go on with it. */
  isKept?: boolean | undefined
  /** The URL that completes the upload was used, and its answer may be lost. */
  isCompleting?: boolean
  /** Through which it was begun. */
  signer?: SignerSession
}

/** The upload of one file, and what it works with. */
export interface FileJob {
  file: FileInfo
  /** If the file is a stream that is sent while it is read. */
  stream: StreamUpload | undefined
  checkpoint: UploadCheckpoint
  signal: AbortSignal
  options: Readonly<UploadEngineOptions>
  /** Uploads through one signer are not resumed through another. */
  scope: string
  signer: SignerClient
  sender: Sender
  hasher: HasherPool
  sessions: ResumeSessions
  links: LinkRenewer
  /** Changes the state of the file, if this job is the current one and the state allows the event. */
  apply: (event: FileEvent) => void
  /** Whether the file still goes on from this checkpoint, now or after a pause. */
  isWanted: () => boolean
  /** Aborts the multipart upload. Returns the checkpoint to start over from. */
  abandon: () => UploadCheckpoint
}

/** A {@link FileJob} that has begun. */
export interface RunningJob<Session = ResumeSession> extends FileJob {
  progress: FileProgress
  /** `undefined` where nothing is stored for the next page. */
  session: Session | undefined
}

/** An object that is in the bucket. */
export interface StoredObject {
  signed: SignedResponse
  etag: string | null
  /** Address of the object without a signature, where the URL of the PUT tells it. */
  url: string | undefined
}

/**
 * The MD5 of a part or a file, whatever `integrity` says, and the checksums that the signer requires.
 * Leaves out what cannot be computed here.
 */
export function digestAll(
  { hasher, signer }: Pick<FileJob, 'hasher' | 'signer'>,
  body: Blob,
): Promise<Digests> {
  return hasher.digest(body, ['md5', ...signer.checksums])
}

/** Asks the signer or the bucket, with the retries of the sender. */
export function askFor<T>({ file, signal, sender, progress }: RunningJob, work: () => Promise<T>) {
  return sender.ask({ file, signal, waiting: progress.waiting }, work)
}

export function isOneOf(error: unknown, codes: UploadErrorCode[]): boolean {
  return error instanceof UploadError && codes.includes(error.code)
}
