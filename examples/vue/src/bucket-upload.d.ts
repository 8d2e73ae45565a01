import type { BucketUpload, UploadEventMap } from 'bucket-upload'
import type { HTMLAttributes, ReservedProps } from 'vue'

/** Vue sets each as a property, or as an attribute where the template spells it with a hyphen. */
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

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name

/** What Vue's compiler makes of `@file-uploaded`. */
type Listeners = {
  [Name in keyof UploadEventMap as `on${Capitalize<Camel<Name>>}`]: (
    event: UploadEventMap[Name],
  ) => void
}

declare module 'vue' {
  interface GlobalComponents {
    'bucket-upload': new () => BucketUpload & {
      $props: HTMLAttributes & ReservedProps & Partial<Properties & Listeners>
    }
  }
}
