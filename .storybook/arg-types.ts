import { getCustomElements } from '@storybook/web-components-vite'
import type { ArgTypes } from 'storybook/internal/types'
import type { ElementDeclaration } from '../scripts/lib/manifest.ts'

interface Item {
  name: string
  description?: string | undefined
  type?: { text: string } | undefined
  default?: string | undefined
}

/**
 * Controls and tables of an element, out of the manifest. Storybook's own reading of it knows things by
 * their name alone, and an attribute, a slot and a part often share one.
 */
export function argTypesOf(tag: string): ArgTypes {
  const element = declarationOf(tag)
  if (!element) return {}
  const { attributes = [], members = [], events = [], slots = [] } = element
  const attributeOf = new Map(attributes.map(({ name, fieldName }) => [fieldName, name]))
  const fields = members.filter((it) => it.kind === 'field')
  return Object.assign(
    {},
    ...fields.map((field) => settable(field, attributeOf.get(field.name))),
    ...table('methods', members.filter((it) => it.kind === 'method') as Item[], (it) => `${it}()`),
    ...table('events', events),
    ...table('slots', slots, (name) => name || '(default)'),
    ...table('parts', element.cssParts ?? []),
    ...table('states', element.cssStates ?? [], (name) => `:state(${name})`),
    ...table('custom properties', element.cssProperties ?? []),
  )
}

/** What the manifest says about an element. */
export function declarationOf(tag: string): ElementDeclaration | undefined {
  const { modules } = getCustomElements() as { modules: { declarations: ElementDeclaration[] }[] }
  return modules.flatMap((it) => it.declarations).find(({ tagName }) => tagName === tag)
}

/** An attribute with its property, or a property alone; the control follows from its type. */
function settable({ name, description, type, ...it }: Item, attribute?: string): ArgTypes {
  const text = type?.text ?? 'unknown'
  const choices = [...text.matchAll(/'([\w-]+)'/g)].map(([, choice]) => choice)
  const control =
    choices.length > 0
      ? { control: { type: 'select' as const }, options: [undefined, ...choices] }
      : text === 'boolean'
        ? { control: { type: 'boolean' as const } }
        : /^(string|number)( \| (string|number|null))*$/.test(text)
          ? { control: { type: 'text' as const } }
          : { control: false as const }
  return {
    [name]: {
      ...(attribute ? control : { control: false }),
      name: attribute ?? name,
      description:
        attribute && attribute !== name ? `${description} Property: ${name}.` : description,
      table: {
        category: attribute ? 'attributes' : 'properties',
        type: { summary: text },
        ...(it.default ? { defaultValue: { summary: it.default } } : {}),
      },
    },
  } as ArgTypes
}

function table(category: string, items: Item[], label = (name: string) => name): ArgTypes[] {
  return items.map(({ name, description, type, default: initial }) => ({
    [`${category} ${name}`]: {
      name: label(name),
      description,
      control: false,
      table: {
        category,
        ...(type ? { type: { summary: type.text } } : {}),
        ...(initial ? { defaultValue: { summary: initial } } : {}),
      },
    },
  })) as ArgTypes[]
}
