import type { BucketUpload, UploadEventMap } from 'bucket-upload'
import type { DetailedHTMLProps, HTMLAttributes } from 'react'

/** React sets these as properties, so that they may be functions, numbers and booleans too. */
type Properties = Pick<
  BucketUpload,
  | 'signer'
  | 'signerHeaders'
  | 'signerCredentials'
  | 'signerTimeout'
  | 'accept'
  | 'multiple'
  | 'maxFiles'
  | 'minSize'
  | 'maxSize'
  | 'maxTotalSize'
  | 'manual'
  | 'disabled'
  | 'linkExpires'
  | 'label'
  | 'hint'
  | 'engine'
>

/** For a custom element React 19 listens to what follows `on`, letter for letter. */
type Listeners = {
  [Name in keyof UploadEventMap as `on${Name}`]: (event: UploadEventMap[Name]) => void
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'bucket-upload': DetailedHTMLProps<HTMLAttributes<BucketUpload>, BucketUpload> &
        Partial<Properties & Listeners>
    }
  }
}
