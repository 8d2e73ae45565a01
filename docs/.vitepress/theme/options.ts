import manifest from '../../../dist/custom-elements.json' with { type: 'json' }

/** One control of the playground: an attribute, as the manifest has it. */
export interface Option {
  /** The attribute. */
  name: string
  /** The property. */
  property: string
  kind: 'boolean' | 'number' | 'text' | 'choice'
  choices: string[]
  about: string
}

/** A token of the looks. */
export interface Token {
  name: string
  initial: string
  about: string
}

/** What was chosen, by the names of attributes or tokens. */
export type Values = Record<string, string | boolean | number | undefined>

interface Declaration {
  tagName?: string
  attributes: { name: string; fieldName: string; type?: { text: string }; description: string }[]
  cssProperties: { name: string; default?: string; description: string }[]
}

const [{ declarations } = { declarations: [] }] = manifest.modules as unknown as {
  declarations: Declaration[]
}[]
const element = declarations.find(({ tagName }) => tagName === 'bucket-upload') as Declaration

/** The signer has a field of its own, and `for` is for a page with several. */
const ELSEWHERE = ['for', 'signer']

/** Types of the browser's own, which the manifest names without their values. */
const KNOWN: Record<string, string[]> = { RequestCredentials: ['omit', 'same-origin', 'include'] }

const KINDS: Record<string, Option['kind']> = { boolean: 'boolean', number: 'number' }

/** All other attributes of `<bucket-upload>`. */
export const OPTIONS: Option[] = element.attributes
  .filter(({ name }) => !ELSEWHERE.includes(name))
  .map(({ name, fieldName, type, description }) => {
    const text = type?.text ?? 'string'
    const choices = KNOWN[text] ?? [...text.matchAll(/'([^']+)'/g)].map(([, choice = '']) => choice)
    const kind = choices.length > 0 ? 'choice' : (KINDS[text] ?? 'text')
    return { name, property: fieldName, kind, choices, about: plain(description) }
  })

/** All tokens of its looks. */
export const TOKENS: Token[] = element.cssProperties.map((token) => ({
  name: token.name,
  initial: token.default ?? '',
  about: plain(token.description),
}))

/** Without its Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '').replace(/\s+/g, ' ')
}

/** The options that were chosen, in the order of the manifest. */
export function chosen(values: Values): { option: Option; value: string | true | number }[] {
  return OPTIONS.flatMap((option) => {
    const value = values[option.name]
    return value === undefined || value === '' || value === false ? [] : [{ option, value }]
  })
}

/** The tokens that were chosen. One that is no value of a custom property is none. */
export function chosenTokens(tokens: Values): [name: string, value: string][] {
  return TOKENS.flatMap(({ name }): [string, string][] => {
    const value = String(tokens[name] ?? '').trim()
    return value === '' || /[;{}<>`\\]/.test(value) ? [] : [[name, value]]
  })
}
