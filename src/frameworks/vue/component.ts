import {
  type AllowedComponentProps,
  defineComponent,
  h,
  onMounted,
  type Prop,
  type ShallowRef,
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

/** `v-model` binds the uploaded files. */
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
 * Makes Vue set an attribute even if the element has a property of that name. A server has only
 * attributes, and most versions of Vue would write the prefix into the HTML.
 */
const AS_ATTRIBUTE = typeof document === 'undefined' ? '' : '^'

interface WithValue extends HTMLElement {
  readonly value?: readonly UploadedFile[]
  clear?(): void
}

type Values = Record<string, unknown>
type Emit = (event: string, detail: unknown) => void

/**
 * Makes the component of a tag.
 *
 * `v-model` gets the uploaded files whenever they change. In the other direction only an empty list
 * counts, which clears the element: setting a value uploads nothing.
 *
 * @param load loads the element, if it is in a file of its own
 */
export function toComponent<T extends Tag>(
  tag: T,
  name: string,
  load?: () => Promise<unknown>,
): Component<T> {
  const { events, hasValue } = TAGS[tag]
  const component: unknown = defineComponent({
    name,
    props: { ...propsOf(tag), ...(hasValue ? { modelValue: { default: undefined } } : {}) },
    emits: [...events, ...(hasValue ? ['update:modelValue'] : [])],
    setup(given: Values, { emit, slots, expose }) {
      const element = shallowRef<WithValue>()
      expose({ element })
      if (load) onMounted(load)
      if (hasValue) clearWithModel(given, element)
      const fixed = { ref: element, ...listenersOf(tag, element, emit as Emit) }
      return () => h(tag, { ...fixed, ...settingsOf(tag, given) }, slots.default?.())
    },
  })
  return component as Component<T>
}

function propsOf(tag: Tag): Record<string, Prop<unknown>> {
  return Object.fromEntries(
    Object.keys(TAGS[tag].properties).map((property) => [
      property,
      // Without a type Vue makes "" of `<BucketUpload multiple>`.
      isBoolean(tag, property) ? { type: Boolean, default: undefined } : { default: undefined },
    ]),
  )
}

/** Emits each event of the element, and the value for `v-model`. */
function listenersOf(tag: Tag, element: ShallowRef<WithValue | undefined>, emit: Emit): Values {
  const { events, hasValue } = TAGS[tag]
  return Object.fromEntries(
    events.map((event) => [
      `on${event[0]?.toUpperCase()}${event.slice(1)}`,
      (detail: Event) => {
        emit(event, detail)
        if (hasValue && event === 'change') emit('update:modelValue', element.value?.value)
      },
    ]),
  )
}

/** Clears the element when the bound value becomes empty. */
function clearWithModel(given: Values, element: ShallowRef<WithValue | undefined>): void {
  watch(
    () => given.modelValue,
    (value) => {
      const isEmpty = !Array.isArray(value) || value.length === 0
      if (isEmpty && element.value?.value?.length) element.value.clear?.()
    },
  )
}

/** Plain values as attributes, which a server can write; all others as properties. */
function settingsOf(tag: Tag, given: Values): Values {
  const set = Object.entries(TAGS[tag].properties).filter(([name]) => given[name] !== undefined)
  return Object.fromEntries(
    set.map(([property, attribute]) => {
      const value = given[property]
      if (attribute && isBoolean(tag, property)) {
        return [AS_ATTRIBUTE + attribute, value ? '' : null]
      }
      const isPlain = typeof value === 'string' || typeof value === 'number'
      return attribute && isPlain ? [AS_ATTRIBUTE + attribute, value] : [`.${property}`, value]
    }),
  )
}

function isBoolean(tag: Tag, property: string): boolean {
  return (TAGS[tag].booleans as readonly string[]).includes(property)
}
