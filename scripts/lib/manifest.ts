import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create, litPlugin, ts } from '@custom-elements-manifest/analyzer/src/browser-entrypoint.js'
import type {
  ClassDeclaration,
  CssCustomProperty,
  CustomElement,
  Package,
} from 'custom-elements-manifest/schema'

/** An element of the manifest. */
export type ElementDeclaration = ClassDeclaration &
  CustomElement & { cssStates?: { name: string; description?: string }[] }

const root = fileURLToPath(new URL('../..', import.meta.url))
/** All elements have the tokens that are documented here. */
const TOKENS = 'src/elements/base/base.styles.ts'
/** What the elements have for each other. */
const BETWEEN = ['owner-change', 'existingFiles']
/** Where an application gets the classes, and the tags, from. */
const [CLASSES, TAGS] = ['dist/index.js', 'dist/define.js']
/** The element that is in a file of its own, and that file, which has class and tag. */
const [APART, OWN_FILE] = ['bucket-upload-recorder', 'dist/recorder.js']

/**
 * The custom-elements manifest: what editors, Storybook and makers of wrappers know of our elements.
 * It is made of the sources' comments, with what is inherited and without what is private.
 */
export function elementsManifest(): Package {
  const files = globSync('src/elements/**/*.ts', { cwd: root }).sort()
  const modules = files.map((file) =>
    ts.createSourceFile(file, readSource(file), ts.ScriptTarget.ES2022, true),
  )
  const { modules: analyzed } = create({ modules, plugins: litPlugin() })
  const elements = analyzed
    .flatMap(({ declarations = [] }) => declarations as ElementDeclaration[])
    .filter(({ tagName }) => tagName !== undefined)
    .map(publicParts)
    .sort((a, b) => (a.tagName ?? '').localeCompare(b.tagName ?? ''))
  const isApart = ({ tagName }: ElementDeclaration) => tagName === APART
  const apart = elements.filter(isApart)
  const together = elements.filter((it) => !isApart(it))
  return {
    schemaVersion: '2.1.0',
    modules: [
      { ...module(CLASSES, together), exports: together.map(classOf(CLASSES)) },
      { ...module(TAGS, []), exports: together.map(tagOf(CLASSES)) },
      {
        ...module(OWN_FILE, apart),
        exports: apart.flatMap((it) => [classOf(OWN_FILE)(it), tagOf(OWN_FILE)(it)]),
      },
    ],
  }
}

const module = (path: string, declarations: ElementDeclaration[]) => ({
  kind: 'javascript-module' as const,
  path,
  declarations,
})

const classOf =
  (path: string) =>
  ({ name }: ElementDeclaration) => ({
    kind: 'js' as const,
    name,
    declaration: { name, module: path },
  })

const tagOf =
  (path: string) =>
  ({ name, tagName = '' }: ElementDeclaration) => ({
    kind: 'custom-element-definition' as const,
    name: tagName,
    declaration: { name, module: path },
  })

/** Types that are a choice of words, by their name. */
const choices = new Map(
  globSync('src/elements/**/*.ts', { cwd: root })
    .flatMap((file) => [
      ...readSource(file).matchAll(/^export type (\w+) = ('[\w-]+'(?: \| '[\w-]+')+)$/gm),
    ])
    .map(([, name = '', words = '']) => [name, words]),
)

/** What a page may use. The base classes are not exported, so what comes from them is its own. */
function publicParts(element: ElementDeclaration): ElementDeclaration {
  const { members = [], attributes = [], events = [] } = element
  return {
    ...element,
    superclass: { name: 'LitElement', package: 'lit' },
    members: members
      .filter(
        ({ name, privacy, ...it }) =>
          !isInner(name, privacy) && !BETWEEN.includes(name) && !('static' in it && it.static),
      )
      .map(({ inheritedFrom: _, ...member }) => ({ ...member, ...spelledOut(member) })),
    attributes: attributes
      .filter(({ name }) => !isInner(name))
      .map(({ inheritedFrom: _, ...attribute }) => ({
        ...attribute,
        ...spelledOut(attribute),
      })),
    events: events
      .filter(({ name }) => !BETWEEN.includes(name))
      .map(({ inheritedFrom: _, ...event }) => event),
    cssProperties: [...(element.cssProperties ?? []).map(withSyntax), ...tokens()],
  }
}

function isInner(name: string, privacy?: string): boolean {
  return /^[#_]/.test(name) || privacy === 'private' || privacy === 'protected'
}

/** The type with the choices in place of their name. That it may be missing goes without saying. */
function spelledOut(it: object): { type?: { text: string } } {
  const { type } = it as { type?: { text: string } }
  if (!type) return {}
  const text = type.text.replace(' | undefined', '')
  return { type: { text: choices.get(text) ?? text } }
}

/** A custom property; the types of the manifest are those of an older schema. */
type Token = CssCustomProperty & { syntax?: string }

/** The analyzer calls it a type, and the schema a syntax. */
function withSyntax(property: Token & { type?: { text: string } }): Token {
  const { type, ...rest } = property
  return type ? { ...rest, syntax: type.text } : rest
}

/** The custom properties that a page can set, by the comment of the base styles. */
function tokens(): Token[] {
  const lines = readSource(TOKENS).matchAll(
    /@cssproperty(?: \{(?<syntax>.+)\})? \[(?<name>--[\w-]+)=(?<initial>.+)\] - (?<about>.+)$/gm,
  )
  return [...lines].map(({ groups }) => {
    const { name = '', initial = '', about = '', syntax } = groups as Record<string, string>
    return { name, default: initial, description: about, ...(syntax ? { syntax } : {}) }
  })
}

function readSource(file: string): string {
  return readFileSync(new URL(file, `file://${root}`), 'utf8')
}
