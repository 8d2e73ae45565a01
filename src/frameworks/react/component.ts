import * as React from 'react'
import { TAGS } from '../tags.ts'
import type { ElementOf, EventNameOf, EventOf, Pascal, PropertiesOf, Tag } from '../types.ts'

/** `onFileUploaded` for `file-uploaded`, and so on. */
type Handlers<T extends Tag> = {
  [Name in EventNameOf<T> as `on${Pascal<Name>}`]?: ((event: EventOf<Name>) => void) | undefined
}

/** What the component of a tag takes. */
export type ComponentProps<T extends Tag> = PropertiesOf<T> &
  Handlers<T> &
  Omit<React.HTMLAttributes<ElementOf<T>>, keyof PropertiesOf<T> | keyof Handlers<T>>

/** The component of a tag. Its `ref` is the element. */
export type Component<T extends Tag> = React.ForwardRefExoticComponent<
  ComponentProps<T> & React.RefAttributes<ElementOf<T>>
>

type Values = Record<string, unknown>
type Listener = (event: Event) => void

/** React 18 warns of layout effects on a server, where none is run anyway. */
const useEffectBeforePaint =
  typeof document === 'undefined' ? React.useEffect : React.useLayoutEffect

/**
 * Makes the component of a tag.
 *
 * Texts, numbers and booleans are rendered as attributes, so that a server's HTML has them. In the
 * browser all are set as properties: React 18 knows nothing but attributes.
 */
export function toComponent<T extends Tag>(tag: T, name: string): Component<T> {
  const { properties, events } = TAGS[tag] as {
    properties: Record<string, string | null>
    events: readonly string[]
  }
  const handlers = new Map(events.map((event) => [handlerOf(event), event]))

  function Wrapper(props: object, outer: React.ForwardedRef<HTMLElement>): React.ReactElement {
    const element = React.useRef<HTMLElement>(null)
    React.useImperativeHandle(outer, () => element.current as HTMLElement, [])
    const { set, heard, rest } = sort(props as Values)
    useProperties(element, set)
    useListeners(element, heard)
    const { className, ...others } = rest
    const attributes = { ...others, ...attributesOf(set), class: className }
    return React.createElement(tag, { ...attributes, ref: element, suppressHydrationWarning: true })
  }

  const component: unknown = Object.assign(React.forwardRef(Wrapper), { displayName: name })
  return component as Component<T>

  function sort(props: Values): { set: Values; heard: Record<string, Listener>; rest: Values } {
    const sorted = { set: {} as Values, heard: {} as Record<string, Listener>, rest: {} as Values }
    for (const [prop, value] of Object.entries(props)) {
      const event = handlers.get(prop)
      if (event !== undefined) {
        if (typeof value === 'function') sorted.heard[event] = value as Listener
      } else if (prop in properties) sorted.set[prop] = value
      else sorted.rest[prop] = value
    }
    return sorted
  }

  function attributesOf(set: Values): Values {
    return Object.fromEntries(
      Object.entries(set).flatMap(([property, value]) => {
        const attribute = properties[property]
        if (!attribute || value === false) return []
        if (value === true) return [[attribute, '']]
        return typeof value === 'string' || typeof value === 'number' ? [[attribute, value]] : []
      }),
    )
  }
}

/** Sets the properties, and those that are gone back to nothing. */
function useProperties(element: React.RefObject<HTMLElement | null>, set: Values): void {
  const last = React.useRef<Values>({})
  useEffectBeforePaint(() => {
    const now = Object.fromEntries(Object.keys(last.current).map((name) => [name, undefined]))
    for (const [name, value] of Object.entries({ ...now, ...set })) {
      // A new function each time is the rule in React, and costs nothing here.
      if (element.current && !Object.is(last.current[name], value)) {
        Object.assign(element.current, { [name]: value })
      }
    }
    last.current = set
  })
}

/** One listener for each event, which calls the handler that there is then. */
function useListeners(
  element: React.RefObject<HTMLElement | null>,
  heard: Record<string, Listener>,
): void {
  const latest = React.useRef(heard)
  const names = Object.keys(heard).sort().join()
  useEffectBeforePaint(() => {
    latest.current = heard
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
