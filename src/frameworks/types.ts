import type {} from '../define.ts'
import type { UploadEventMap } from '../engine/index.ts'
import type { TAGS } from './tags.ts'

// An import of nothing would not be in the published types, and the tag would be unknown there.
export type { BucketUploadRecorder } from '../recorder.ts'

/** The name of one of our tags. */
export type Tag = keyof typeof TAGS

/** The element of a tag. */
export type ElementOf<T extends Tag> = HTMLElementTagNameMap[T]

/** The settable properties of a tag. */
export type PropertiesOf<T extends Tag> = {
  [P in keyof (typeof TAGS)[T]['properties'] & keyof ElementOf<T>]?: ElementOf<T>[P] | undefined
}

/** The attributes of a tag. */
export type AttributeOf<T extends Tag> = Extract<
  (typeof TAGS)[T]['properties'][keyof (typeof TAGS)[T]['properties']],
  string
>

/** The events of a tag. */
export type EventNameOf<T extends Tag> = (typeof TAGS)[T]['events'][number]

/** The type of an event. */
export type EventOf<Name extends string> = Name extends keyof UploadEventMap
  ? UploadEventMap[Name]
  : Event

/** `file-uploaded` as `FileUploaded`. */
export type Pascal<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Capitalize<Head>}${Pascal<Rest>}`
  : Capitalize<Name>
