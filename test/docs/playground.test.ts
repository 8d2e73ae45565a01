/** The playground's code, as the compilers of the frameworks read it, and its log. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse as parseSvelte } from 'svelte/compiler'
import ts from 'typescript'
import { compileScript, compileTemplate, parse as parseVue } from 'vue/compiler-sfc'
import { codeFor, FRAMEWORKS, type Framework } from '../../docs/.vitepress/theme/code.ts'
import { show, withEvent } from '../../docs/.vitepress/theme/log.ts'
import { OPTIONS, TOKENS, type Values } from '../../docs/.vitepress/theme/options.ts'

/** What each language that is around it could take for its own. */
const LABEL = `A "b" & 'c' <d> {e} {{ f }} \${g} \`h\` i\\n &amp; </script> @if`
const SIGNER = 'https://app.example/sign?a=1&b=%22'

/** A value for each option. */
const all = Object.fromEntries(
  OPTIONS.map(({ name, kind, choices: [first = ''] }) => {
    const byKind = { boolean: true, choice: first, number: 5000, text: LABEL }
    return [name, byKind[kind]]
  }),
)
const wanted = new Map<string, string | true>([['signer', SIGNER]])
for (const [name, value] of Object.entries(all)) {
  wanted.set(name, value === true ? true : String(value))
}
const tokens = Object.fromEntries(TOKENS.map(({ name }, index) => [name, `${index}em`]))

const codeOf = (framework: Framework, values: Values = all, looks: Values = tokens) =>
  codeFor(framework, { signer: SIGNER, values, tokens: looks })

describe('the code of the playground', () => {
  test('there is a control for each kind of option', () => {
    const kinds = new Set(OPTIONS.map(({ kind }) => kind))
    assert.deepEqual([...kinds].sort(), ['boolean', 'choice', 'number', 'text'])
    const { choices } = OPTIONS.find(({ name }) => name === 'signer-credentials') ?? {}
    assert.deepEqual(choices, ['omit', 'same-origin', 'include'])
  })

  test('Vue reads what was chosen', () => {
    const { descriptor, errors } = parseVue(codeOf('Vue'))
    assert.deepEqual(errors, [])
    compileScript(descriptor, { id: 'test' })
    const { ast, errors: wrong } = compileTemplate({
      source: descriptor.template?.content ?? '',
      filename: 'Upload.vue',
      id: 'test',
    })
    assert.deepEqual(wrong, [])
    const [element] = ast?.children ?? []
    assert.ok(element && 'props' in element)
    const found = new Map<string, string | true>()
    for (const prop of element.props) {
      if ('value' in prop) found.set(prop.name, prop.value?.content ?? true)
    }
    assert.deepEqual(sorted(found), sorted(wanted))
  })

  test('Svelte reads what was chosen', () => {
    const { fragment } = parseSvelte(codeOf('Svelte'), { modern: true })
    const element = fragment.nodes.find(({ type }) => type === 'RegularElement')
    assert.ok(element && 'attributes' in element)
    const found = new Map<string, string | true>()
    for (const attribute of element.attributes) {
      if (attribute.type !== 'Attribute' || attribute.name.startsWith('on')) continue
      const { value } = attribute
      const text = Array.isArray(value)
        ? value.map((it) => (it.type === 'Text' ? it.data : assert.fail('an expression'))).join('')
        : true
      found.set(attribute.name, text)
    }
    assert.deepEqual(sorted(found), sorted(wanted))
  })

  test('React reads what was chosen', () => {
    const found = new Map<string, string | true>()
    visit(sourceOf('React'), (node) => {
      if (!ts.isJsxAttribute(node)) return
      const name = node.name.getText()
      const { initializer } = node
      const inside =
        initializer && ts.isJsxExpression(initializer) ? initializer.expression : initializer
      if (inside === undefined) found.set(name, true)
      else if (ts.isStringLiteral(inside) || ts.isNumericLiteral(inside)) {
        found.set(name, inside.text)
      }
    })
    const props = new Map(
      [...wanted].map(([name, value]) => [
        OPTIONS.find((option) => option.name === name)?.property ?? name,
        value,
      ]),
    )
    assert.deepEqual(sorted(found), sorted(props))
  })

  test('Angular reads what was chosen', () => {
    let template = ''
    visit(sourceOf('Angular'), (node) => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'template') {
        assert.ok(ts.isNoSubstitutionTemplateLiteral(node.initializer))
        template = node.initializer.text
      }
    })
    const found = new Map<string, string | true>()
    for (const [, name = '', value] of template.matchAll(/^\s{6}([\w-]+)(?:="([^"]*)")?$/gm)) {
      assert.doesNotMatch(value ?? '', /[{}]/)
      found.set(name, value === undefined ? true : unescaped(value))
    }
    assert.deepEqual(sorted(found), sorted(wanted))
  })

  for (const framework of FRAMEWORKS) {
    test(`${framework}: tokens are there, but not what is none`, () => {
      for (const [name, value] of Object.entries(tokens)) {
        const line = new RegExp(`${name}'?: '?${value}`)
        assert.match(codeOf(framework), line)
      }
      const [{ name } = { name: '' }] = TOKENS
      const code = codeOf(framework, {}, { [name]: 'red } body { display: none' })
      assert.ok(!code.includes('display'), code)
      assert.ok(!code.includes('style'), code)
    })
  }
})

describe('the log of the playground', () => {
  test('shows no signature', () => {
    const signed = 'https://bucket.example/a%20b?X-Amz-Signature=secret&X-Amz-Date=1'
    const text = show({ downloadUrl: signed, note: `${signed} and ${signed}#secret`, n: 1 })
    assert.doesNotMatch(text, /secret|X-Amz/)
    assert.ok(text.includes('"https://bucket.example/a%20b?…"'), text)
    assert.ok(text.includes('"n": 1'), text)
  })

  test('shows what an error says, and the name of a file', () => {
    const text = show({ file: new File([''], 'a.txt'), error: new Error('Too large.') })
    assert.equal(text, '{ "file": "a.txt", "error": "Too large." }')
  })

  test('has one line for a run of progress, the newest first', () => {
    const names = ['files-added', 'upload-progress', 'upload-progress', 'file-uploaded']
    let log = withEvent([], new CustomEvent('files-added'))
    for (const name of names.slice(1)) log = withEvent(log, new CustomEvent(name))
    assert.deepEqual(
      log.map(({ name }) => name),
      ['file-uploaded', 'upload-progress', 'files-added'],
    )
    for (let index = 0; index < 30; index++) log = withEvent(log, new CustomEvent('change'))
    assert.equal(log.length, 20)
  })
})

function sourceOf(framework: Framework): ts.SourceFile {
  const name = `code.${framework === 'React' ? 'tsx' : 'ts'}`
  const compilerOptions = { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve }
  const code = codeOf(framework)
  const { diagnostics } = ts.transpileModule(code, {
    ...{ reportDiagnostics: true, fileName: name, compilerOptions },
  })
  assert.deepEqual(
    diagnostics?.map(({ messageText }) => messageText),
    [],
    code,
  )
  return ts.createSourceFile(name, code, ts.ScriptTarget.ESNext, true)
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  node.forEachChild((child) => visit(child, look))
}

function unescaped(html: string): string {
  const marks: Record<string, string> = { amp: '&', quot: '"', lt: '<', gt: '>' }
  return html.replace(/&(?:#(\d+)|(\w+));/g, (all, code, name) =>
    code ? String.fromCodePoint(Number(code)) : (marks[name] ?? all),
  )
}

function sorted<Value>(map: Map<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
