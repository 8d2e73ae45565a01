import type { Plugin } from 'vite'

/** A statement of a module, as the parser gives it. */
interface Statement {
  type: string
  start: number
  end: number
  source?: { value: string } | null
  specifiers?: {
    local: { name: string }
    imported?: { name: string }
    exported?: { name: string }
  }[]
}

/** Names that the bundler makes for what files share. All that others import have longer ones. */
const INTERNAL = /^.{1,2}$/

/**
 * Hands over what the later files need of the first one, in place of imports. A page may load the first
 * file by an address that they cannot know (`bucket-upload.js?v=3`), and would then load it twice.
 *
 * @param first name of the first file
 * @param version tells two versions on one page apart
 */
export function handOver(first: string, version: string): Plugin {
  const place = `globalThis[Symbol.for(${JSON.stringify(version)})]`
  const needed = new Set<string>()
  return {
    name: 'hand-over',
    renderChunk(code, { fileName }) {
      const body = this.parse(code).body as unknown as Statement[]
      if (fileName === first) {
        const changed = changedNames(body)
        const { specifiers = [] } = body.find(isExport) ?? {}
        const shared = specifiers.find(({ local }) => changed.has(local.name))
        if (shared) this.error(`${shared.local.name} changes: another file would not notice.`)
        return null
      }
      let text = code
      // From the last one on, so that the others stay where they are.
      for (const { type, start, end, source, specifiers = [] } of body.toReversed()) {
        if (type !== 'ImportDeclaration' || !source?.value.endsWith(`/${first}`)) continue
        const names = specifiers.map(({ imported, local }) => [imported?.name ?? '', local.name])
        for (const [name = ''] of names) needed.add(name)
        const pairs = names.map((it) => it.join(': ')).join(', ')
        // In as many lines as before, so that the source map stays right.
        text = `${text.slice(0, start)}const { ${pairs} } = ${place};${text.slice(end)}`
      }
      return { code: text, map: null }
    },
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const body = this.parse(chunk.code).body as unknown as Statement[]
        if (chunk.fileName === first) chunk.code = leave(chunk.code, body)
        else {
          for (const { start, end, source, specifiers = [] } of body.filter(isImport)) {
            const said = `${chunk.fileName} imports ${source?.value}`
            if (specifiers.length > 0) this.error(`${said}: hand over what it needs of it.`)
            // Nothing of it is used in the end.
            const { code } = chunk
            chunk.code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end)
          }
        }
      }
    },
  }

  /** Exports only what is for pages, and leaves what other files need. */
  function leave(code: string, body: Statement[]): string {
    const { start = 0, end = 0, specifiers = [] } = body.find(isExport) ?? {}
    const names = specifiers.map(({ exported, local }) => [exported?.name ?? '', local.name])
    const exported = names
      .filter(([name = '']) => !INTERNAL.test(name))
      .map(([name, local]) => (name === local ? name : `${local} as ${name}`))
    const shared = names.filter(([name = '']) => needed.has(name)).map((it) => it.join(':'))
    // At the end, so that the source map stays right.
    const rest = `export{${exported}};${place}??={${shared}};`
    return code.slice(0, start) + rest + code.slice(end)
  }
}

function isImport({ type }: Statement): boolean {
  return type === 'ImportDeclaration'
}

function isExport({ type, source }: Statement): boolean {
  return type === 'ExportNamedDeclaration' && !source
}

/** All names that are given another value somewhere. */
function changedNames(node: unknown, names = new Set<string>()): Set<string> {
  if (!node || typeof node !== 'object') return names
  const { type, left, argument } = node as {
    type?: string
    left?: { name?: string }
    argument?: { name?: string }
  }
  const target =
    type === 'AssignmentExpression' ? left : type === 'UpdateExpression' ? argument : undefined
  if (target?.name) names.add(target.name)
  for (const each of Object.values(node)) changedNames(each, names)
  return names
}
