import manifest from '../../../dist/custom-elements.json'

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

interface Declaration {
  tagName?: string
  attributes: { name: string; fieldName: string; type?: { text: string }; description: string }[]
  cssProperties: { name: string; default?: string; description: string }[]
}

const [{ declarations }] = manifest.modules as unknown as { declarations: Declaration[] }[]
const element = declarations.find(({ tagName }) => tagName === 'bucket-upload') as Declaration

/** The signer has a field of its own, and `for` is for a page with several. */
const ELSEWHERE = ['for', 'signer']

/** All other attributes of `<bucket-upload>`. */
export const OPTIONS: Option[] = element.attributes
  .filter(({ name }) => !ELSEWHERE.includes(name))
  .map(({ name, fieldName, type, description }) => {
    const text = type?.text ?? 'string'
    const choices = [...text.matchAll(/'([^']+)'/g)].map(([, choice = '']) => choice)
    const kinds: Record<string, Option['kind']> = { boolean: 'boolean', number: 'number' }
    const kind = choices.length > 0 ? 'choice' : (kinds[text] ?? 'text')
    return { name, property: fieldName, kind, choices, about: description.replace(/\s+/g, ' ') }
  })

/** All tokens of its looks. */
export const TOKENS: Token[] = element.cssProperties.map((token) => ({
  name: token.name,
  initial: token.default ?? '',
  about: token.description,
}))

/** What was chosen, by the names of attributes or tokens. */
export type Values = Record<string, string | boolean | number | undefined>

/** For which there is code to copy. */
export const FRAMEWORKS = ['HTML', 'React', 'Vue', 'Svelte', 'Angular'] as const
export type Framework = (typeof FRAMEWORKS)[number]

/** The code that makes the widget as it is chosen. */
export function codeFor(
  framework: Framework,
  signer: string,
  values: Values,
  tokens: Values,
): string {
  const set = OPTIONS.flatMap((option) => {
    const value = values[option.name]
    return value === undefined || value === '' || value === false ? [] : [{ option, value }]
  })
  const attributes = [
    `signer="${quoted(signer)}"`,
    ...set.map(({ option, value }) =>
      value === true ? option.name : `${option.name}="${quoted(value)}"`,
    ),
  ]
  const props = set.map(({ option, value }) =>
    value === true
      ? option.property
      : `${option.property}=${typeof value === 'number' ? `{${value}}` : JSON.stringify(value)}`,
  )
  const css = sheet(tokens)
  const listen = '={({ detail }) => console.log(detail.key)}'
  const byFramework: Record<Framework, string> = {
    HTML: `<script type="module" src="/bucket-upload.js"></script>\n\n${tag('bucket-upload', attributes)}`,
    React: `import { BucketUpload } from 'bucket-upload/react'\n\n${tag('BucketUpload', [`signer=${JSON.stringify(signer)}`, ...props, `onFileUploaded${listen}`])}`,
    Vue: `import { BucketUpload } from 'bucket-upload/vue'\n\n${tag('BucketUpload', ['v-model="files"', ...attributes])}`,
    Svelte: `import 'bucket-upload/svelte'\n\n${tag('bucket-upload', [...attributes, `onfile-uploaded${listen}`])}`,
    Angular: `import 'bucket-upload/define' // and CUSTOM_ELEMENTS_SCHEMA\n\n${tag('bucket-upload', [...attributes, '(file-uploaded)="remember($event)"'])}`,
  }
  return `${byFramework[framework]}\n${css && `\n/* In a stylesheet: */\n${css}`}`
}

function tag(name: string, items: string[]): string {
  return `<${name}\n${items.map((item) => `  ${item}\n`).join('')}></${name}>`
}

function sheet(tokens: Values): string {
  const lines = Object.entries(tokens).flatMap(([name, value]) =>
    value ? `  ${name}: ${value};\n` : [],
  )
  return lines.length === 0 ? '' : `bucket-upload {\n${lines.join('')}}\n`
}

function quoted(value: unknown): string {
  return String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
