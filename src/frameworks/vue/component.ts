import {
  type AllowedComponentProps,
  defineComponent,
  h,
  shallowRef,
  type VNodeProps,
  watch,
} from 'vue'
import type { UploadedFile } from '../../engine/index.ts'
import { TAGS } from '../tags.ts'
import type { ElementOf, EventNameOf, EventOf, Pascal, PropertiesOf, Tag } from '../types.ts'

/** `@file-uploaded` in a template, `onFileUploaded` in a render function. */
type Listeners<T extends Tag> = {
  [Name in EventNameOf<T> as `on${Pascal<Name>}`]?: ((event: EventOf<Name>) => void) | undefined
}

/** What `v-model` binds: what was uploaded. */
type Model<T extends Tag> = (typeof TAGS)[T]['hasValue'] extends true
  ? {
      modelValue?: readonly UploadedFile[] | null | undefined
      'onUpdate:modelValue'?: ((value: readonly UploadedFile[]) => void) | undefined
    }
  : unknown

/** The component of a tag. */
export type Component<T extends Tag> = new () => {
  $props: PropertiesOf<T> & Listeners<T> & Model<T> & AllowedComponentProps & VNodeProps
  $slots: { default?: () => unknown }
  /** The element, for its methods; once it is mounted. */
  element: ElementOf<T> | undefined
}

/**
 * Has Vue set an attribute, also where the element has a property of that name. On a server there are
 * only attributes, and most releases of Vue would write the mark into the HTML.
 */
const AS_ATTRIBUTE = typeof document === 'undefined' ? '' : '^'

interface WithValue extends HTMLElement {
  readonly value?: readonly UploadedFile[]
  clear?(): void
}

/**
 * Makes the component of a tag.
 *
 * `v-model` gets what was uploaded whenever that changes. The other way only an empty list counts, which
 * clears the element: nothing is uploaded by setting a value.
 */
export function toComponent<T extends Tag>(tag: T, name: string): Component<T> {
  const { properties, booleans, events, hasValue } = TAGS[tag]
  const props = Object.keys(properties).map((property) => [
    property,
    // Without a type Vue would make "" of `<BucketUpload multiple>`.
    isBoolean(property) ? { type: Boolean, default: undefined } : { default: undefined },
  ])
  const component: unknown = defineComponent({
    name,
    props: {
      ...Object.fromEntries(props),
      ...(hasValue ? { modelValue: { default: undefined } } : {}),
    },
    emits: [...events, ...(hasValue ? ['update:modelValue'] : [])],
    setup(given: Record<string, unknown>, { emit, slots, expose }) {
      const element = shallowRef<WithValue>()
      expose({ element })
      const listeners = events.map((event) => [
        `on${event[0]?.toUpperCase()}${event.slice(1)}`,
        (detail: Event) => {
          emit(event, detail)
          if (hasValue && event === 'change') emit('update:modelValue', element.value?.value)
        },
      ])
      watch(
        () => given.modelValue,
        (value) => {
          const isEmpty = !Array.isArray(value) || value.length === 0
          if (hasValue && isEmpty && element.value?.value?.length) element.value.clear?.()
        },
      )
      const fixed = { ref: element, ...Object.fromEntries(listeners) }
      return () => h(tag, { ...fixed, ...settings(given) }, slots.default?.())
    },
  })
  return component as Component<T>

  function isBoolean(property: string): boolean {
    return (booleans as readonly string[]).includes(property)
  }

  /** Plain values as attributes, which a server can write; all else as properties. */
  function settings(given: Record<string, unknown>): Record<string, unknown> {
    const set = Object.entries(properties).filter(([property]) => given[property] !== undefined)
    return Object.fromEntries(
      set.map(([property, attribute]) => {
        const value = given[property]
        if (attribute && isBoolean(property)) return [AS_ATTRIBUTE + attribute, value ? '' : null]
        const isPlain = typeof value === 'string' || typeof value === 'number'
        return attribute && isPlain ? [AS_ATTRIBUTE + attribute, value] : [`.${property}`, value]
      }),
    )
  }
}
