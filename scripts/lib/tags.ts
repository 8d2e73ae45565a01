import type { ClassField, ClassMember } from 'custom-elements-manifest/schema'
import { type ElementDeclaration, elementsManifest } from './manifest.ts'

/** Where it is. */
export const TAGS_FILE = 'src/frameworks/tags.ts'

/** The table by which wrappers for frameworks know our elements, made of the elements' own comments. */
export function tagsSource(): string {
  const elements = elementsManifest().modules.flatMap(
    ({ declarations = [] }) => declarations as ElementDeclaration[],
  )
  const table = Object.fromEntries(
    elements.map((element) => {
      const { tagName = '', attributes = [], events = [], members = [] } = element
      const fields = members
        .filter(isSettable)
        .sort((one, other) => (one.name < other.name ? -1 : 1))
      const attributeOf = (name: string) =>
        attributes.find(({ fieldName }) => fieldName === name)?.name
      const facts = {
        properties: Object.fromEntries(fields.map(({ name }) => [name, attributeOf(name) ?? null])),
        booleans: fields.filter(({ type }) => type?.text === 'boolean').map(({ name }) => name),
        events: events.map(({ name }) => name).sort(),
        hasValue: members.some(({ name }) => name === 'value'),
      }
      return [tagName, facts]
    }),
  )
  return `// Made of the custom-elements manifest by \`node scripts/tags.ts\`. Not to be edited.

/** What a page can set of each element, with its attribute if it has one, and what the element fires. */
export const TAGS = ${JSON.stringify(table, null, 2)} as const
`
}

function isSettable(member: ClassMember): member is ClassField {
  return member.kind === 'field' && !('readonly' in member && member.readonly)
}
