/** What the bench tells a contestant. Plain data: it travels from Node to the page. */
export interface Setup {
  /** URL of a signer that keeps the contract. */
  signer: string
  /** URL that signs one request of @uppy/aws-s3 at a time. */
  presign: string
  /** Bytes. How a hand-written loop cuts a file. */
  partSize: number
  /** Address of the library: one that was built before can take part too. */
  library: string
  /** The library gets no time to load before the first file. */
  fresh?: boolean
  /** The library gets the second file when it has uploaded the first one, and so on. */
  inTurn?: boolean
  /** More options of the engine. */
  engine?: { integrity?: 'md5' | 'off' }
}

/** Uploads files. Rejects unless all of them are in the bucket. */
export type Contestant = (files: File[], setup: Setup) => Promise<void>
