import * as React from 'react'
import { TAGS } from '../tags.ts'
import type { ElementOf, EventNameOf, EventOf, Pascal, PropertiesOf, Tag } from '../types.ts'

/** `onFileUploaded` for `file-uploaded`, and so on. */
type Handlers<T extends Tag> = {
  [Name in EventNameOf<T> as `on${Pascal<Name>}`]?: ((event: EventOf<Name>) => void) | undefined
}

/** Props of the component of a tag. */
export type ComponentProps<T extends Tag> = PropertiesOf<T> &
  Handlers<T> &
  Omit<React.HTMLAttributes<ElementOf<T>>, keyof PropertiesOf<T> | keyof Handlers<T>>

/** The component of a tag. Its `ref` is the element. */
export type Component<T extends Tag> = React.ForwardRefExoticComponent<
  ComponentProps<T> & React.RefAttributes<ElementOf<T>>
>

type Values = Record<string, unknown>
type Listener = (event: Event) => void

/** React 18 warns about layout effects on a server, which runs none anyway. */
const useEffectBeforePaint =
  typeof document === 'undefined' ? React.useEffect : React.useLayoutEffect

/** The entry of a tag in the table. */
interface TagFacts {
  /** The attribute of each property, if it has one. */
  properties: Record<string, string | null>
  events: readonly string[]
}

/** The props of a component, sorted by their use. */
interface SortedProps {
  /** Properties of the element. */
  set: Values
  /** Handlers, by the event. */
  handlers: Record<string, Listener>
  /** Props for React itself. */
  rest: Values
}

/**
 * Makes the component of a tag.
 *
 * Texts, numbers and booleans are rendered as attributes, so that the HTML of a server has them. In the
 * browser all are set as properties too: React 18 knows only attributes.
 *
 * @param load loads the element, if it is in a file of its own
 */
export function toComponent<T extends Tag>(
  tag: T,
  name: string,
  load?: () => Promise<unknown>,
): Component<T> {
  const { properties, events }: TagFacts = TAGS[tag]
  const eventOf = new Map(events.map((event) => [handlerOf(event), event]))

  function Wrapper(props: object, outer: React.ForwardedRef<HTMLElement>): React.ReactElement {
    const element = React.useRef<HTMLElement>(null)
    React.useImperativeHandle(outer, () => element.current as HTMLElement, [])
    const { set, handlers, rest } = sortProps(props as Values, properties, eventOf)
    useProperties(element, set)
    useListeners(element, handlers)
    React.useEffect(() => void load?.(), [])
    const { className, ...others } = rest
    const attributes = { ...others, ...attributesOf(set, properties), class: className }
    return React.createElement(tag, { ...attributes, ref: element, suppressHydrationWarning: true })
  }

  const component: unknown = Object.assign(React.forwardRef(Wrapper), { displayName: name })
  return component as Component<T>
}

function sortProps(
  props: Values,
  properties: TagFacts['properties'],
  eventOf: Map<string, string>,
): SortedProps {
  const sorted: SortedProps = { set: {}, handlers: {}, rest: {} }
  for (const [prop, value] of Object.entries(props)) {
    const event = eventOf.get(prop)
    if (event !== undefined) {
      if (typeof value === 'function') sorted.handlers[event] = value as Listener
    } else if (prop in properties) sorted.set[prop] = value
    else sorted.rest[prop] = value
  }
  return sorted
}

/** The attributes that a server can write into the HTML. */
function attributesOf(set: Values, properties: TagFacts['properties']): Values {
  return Object.fromEntries(
    Object.entries(set).flatMap(([property, value]) => {
      const attribute = properties[property]
      if (!attribute || value === false) return []
      if (value === true) return [[attribute, '']]
      return typeof value === 'string' || typeof value === 'number' ? [[attribute, value]] : []
    }),
  )
}

/** Sets the properties. One that is no longer given becomes `undefined`. */
function useProperties(element: React.RefObject<HTMLElement | null>, set: Values): void {
  const last = React.useRef<Values>({})
  useEffectBeforePaint(() => {
    const now = Object.fromEntries(Object.keys(last.current).map((name) => [name, undefined]))
    for (const [name, value] of Object.entries({ ...now, ...set })) {
      // Functions are new with each render in React: setting them costs nothing here.
      if (element.current && !Object.is(last.current[name], value)) {
        Object.assign(element.current, { [name]: value })
      }
    }
    last.current = set
  })
}

/** Adds one listener for each event. It calls the handler of the latest render. */
function useListeners(
  element: React.RefObject<HTMLElement | null>,
  handlers: Record<string, Listener>,
): void {
  const latest = React.useRef(handlers)
  const names = Object.keys(handlers).sort().join()
  useEffectBeforePaint(() => {
    latest.current = handlers
  })
  useEffectBeforePaint(() => {
    const { current } = element
    const call: Listener = (event) => latest.current[event.type]?.(event)
    const events = names === '' ? [] : names.split(',')
    for (const event of events) current?.addEventListener(event, call)
    return () => {
      for (const event of events) current?.removeEventListener(event, call)
    }
  }, [element, names])
}

function handlerOf(event: string): string {
  return `on${event.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`
}
