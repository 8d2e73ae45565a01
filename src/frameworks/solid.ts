/**
 * Types of our elements for Solid's templates, with `prop:signer={…}` for properties and
 * `on:file-uploaded={…}` for events. Importing it registers the elements, too.
 *
 * @module
 */
import type { JSX } from 'solid-js'
import '../define.ts'
import type { AttributeOf, ElementOf, EventNameOf, EventOf, PropertiesOf, Tag } from './types.ts'

type Own<T extends Tag> = {
  [A in AttributeOf<T>]?: string | number | boolean | undefined
} & {
  [P in keyof PropertiesOf<T> & string as `prop:${P}`]?: PropertiesOf<T>[P]
} & {
  [Name in EventNameOf<T> as `on:${Name}`]?: ((event: EventOf<Name>) => void) | undefined
}

type SolidTags = { [T in Tag]: Own<T> & Omit<JSX.HTMLAttributes<ElementOf<T>>, keyof Own<T>> }

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements extends SolidTags {}
  }
}
