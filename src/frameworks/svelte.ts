/**
 * Types of our elements for Svelte's templates, with `onfile-uploaded={…}` for events. Importing it
 * registers the elements, too.
 *
 * @module
 */
import type { HTMLAttributes } from 'svelte/elements'
import '../define.ts'
import type { AttributeOf, ElementOf, EventNameOf, EventOf, PropertiesOf, Tag } from './types.ts'

type Own<T extends Tag> = PropertiesOf<T> & {
  [A in AttributeOf<T> as Exclude<A, keyof PropertiesOf<T>>]?: string | number | boolean | undefined
} & {
  [Name in EventNameOf<T> as `on${Name}`]?: ((event: EventOf<Name>) => void) | undefined
}

type SvelteTags = { [T in Tag]: Own<T> & Omit<HTMLAttributes<ElementOf<T>>, keyof Own<T>> }

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends SvelteTags {}
}
