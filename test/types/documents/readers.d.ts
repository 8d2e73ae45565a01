/** What the snippets of the documents take from the reader's own code. */

type Widget = import('bucket-upload').BucketUpload
type Signer = import('bucket-upload/server').Signer

interface User {
  id: string
  paid: boolean
}

declare namespace Express {
  /** What express-session adds. */
  interface Request {
    session: { user: User }
  }
}

// On the page.
declare const upload: Widget
declare const element: Widget
declare const engine: import('bucket-upload/engine').UploadEngine
declare const zone: HTMLElement
declare const button: HTMLButtonElement
declare const agreed: HTMLInputElement
declare const router: { refresh(): void }
declare function fakeEngine(): import('bucket-upload/engine').UploadEngine
declare function getToken(): Promise<string>
declare function showSignIn(): Promise<void>
declare function save(...values: unknown[]): void
declare function uploadSomehow(file: File): void

// On the server.
declare const bucket: import('bucket-upload/server').BucketConfig
declare const authorize: import('bucket-upload/server').SignerConfig['authorize']
declare const signer: Signer
declare const key: string
declare const endpoint: string
declare const accessKeyId: string
declare const secretAccessKey: string
declare const writeId: string
declare const writeSecret: string
declare const app: import('express').Express
declare const requireLogin: import('express').RequestHandler
declare function userOf(from: string | null | Request): Promise<User | undefined>
declare function callerOf(request: Request, env?: object): Promise<{ user: string } | undefined>
declare function regionOf(user: string | number | undefined): 'eu' | 'us'
declare const settings: Record<
  'eu' | 'us',
  import('bucket-upload/server').AccessKeys & { bucket: string; region: string }
>
declare function bucketOf(user: string | number | undefined): {
  take(files: number): number | undefined
}
declare function userIdOf(request: Request): Promise<string>
declare function isUnwanted(key: string): Promise<boolean>
declare function noteFile(key: string): Promise<string>
declare function startJob(key: string): Promise<string>
declare function findJob(id: string): Promise<{
  failed: boolean
  isOver: boolean
  /** From 0 to 1. */
  share: number
  url: string
  seconds: number
}>
declare const apiKey: string
declare const callbackUrl: string
declare function report(...values: unknown[]): void
declare const db: Record<
  'files' | 'photos',
  { upsert(row: object): Promise<void>; isInUse(key: string): Promise<boolean> }
>

// What browsers have and TypeScript does not know yet.
declare function showOpenFilePicker(options: { multiple: boolean }): Promise<FileSystemFileHandle[]>

// What Nuxt imports by itself.
declare function defineEventHandler<T>(handler: (event: object) => T): T
declare function toWebRequest(event: object): Request

// What the reader comes from, in the migration guides.
declare class Dropzone {
  constructor(selector: string, options: object)
  on(event: 'success', listener: (file: File, response: object) => void): this
}
declare const FilePond: { create(element: Element | null, options: object): object }
declare class Uppy {
  constructor(options: object)
  use(plugin: object, options: object): this
  on(
    event: 'upload-success',
    listener: (file: object, response: { uploadURL?: string }) => void,
  ): this
}
declare const Dashboard: object
declare const AwsS3: object
declare function signRequest(): Promise<{ url: string }>
declare const useDropzone: typeof import('react-dropzone').useDropzone
/** UploadThing's builder of file routes. */
declare function f(routes: object): {
  middleware<T>(run: (input: { req: Request }) => Promise<T>): {
    onUploadComplete(run: (input: { metadata: T; file: { key: string } }) => void): object
  }
}
