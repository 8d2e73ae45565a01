/**
 * Every snippet of the documents can be read by what it is for, and names what there is. The types of
 * scripts are in snippet-types.test.ts.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { parseEnv } from 'node:util'
import { type ElementDeclaration, elementsManifest } from '../../scripts/lib/manifest.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { all, snippetsIn as of } from '../support/docs/snippets.ts'
import { runShell } from '../support/shell.ts'

/** What each language's snippets are checked by. */
const CHECKED: Record<string, string> = {
  ...{ js: 'snippet-types.test.ts', ts: 'the same', tsx: 'the same', html: 'tags', json: 'JSON' },
  ...{
    sh: 'a shell',
    bash: 'the same',
    css: 'names',
    ini: 'settings',
    http: 'messages',
    text: 'nothing',
  },
  ...{ python: 'test/examples/other-languages.test.ts', php: 'the same' },
  ...{ go: 'test/examples/receipts.test.ts', ruby: 'the same' },
  ...{ erb: 'test/examples/recipes.test.ts', blade: 'the same' },
  ...{ dockerfile: 'test/examples/deploy.test.ts', nginx: 'the same' },
  ...{ vue: 'its quick start', svelte: 'its quick start', astro: 'its quick start' },
}

/** The first line of a request or an answer, or a header. */
const HTTP_LINE = /^(?:[A-Z]+ \/\S* HTTP\/1\.1|HTTP\/1\.1 \d{3} .+|[A-Z][\w-]+: .+)$/

const TOKEN = /--bucket-upload-[\w-]+/g

/** It reads a token that the elements do not. */
const PLACEHOLDER = readFileSync(new URL('../../src/placeholder.css', import.meta.url), 'utf8')

const elements = elementsManifest().modules.flatMap(
  ({ declarations = [] }) => declarations as ElementDeclaration[],
)

describe('snippets of the documents', () => {
  test('there are some of each kind', () => {
    for (const language of ['js', 'ts', 'tsx', 'html', 'sh', 'json']) {
      assert.ok(of(language).length > 0, language)
    }
  })

  test('every snippet says its language, and each language is checked', () => {
    const unknown = all.filter(({ language }) => !(language in CHECKED))
    assert.deepEqual(
      unknown.map(({ language, where }) => `${where}: ${language || 'no language'}`),
      [],
    )
  })

  test('JSON is JSON', () => {
    for (const { code, where } of of('json')) assert.doesNotThrow(() => JSON.parse(code), where)
  })

  test('a shell can read the commands', async () => {
    for (const { code, where } of of('sh', 'bash')) {
      const { code: status, stderr } = await runShell(`sh -n <<'SNIPPET'\n${code}\nSNIPPET`)
      assert.equal(status, 0, `${where}: ${stderr}`)
    }
  })

  test('settings are a name and a value', () => {
    for (const { code, where } of of('ini')) {
      const lines = code.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
      assert.equal(Object.keys(parseEnv(code)).length, lines.length, where)
      for (const line of lines) assert.match(line, /^[A-Z][A-Z0-9_]*=/, where)
    }
  })

  test('messages of HTTP have a first line, headers and a body', () => {
    for (const { code, where } of of('http')) {
      const unfolded = code.replace(/\n {2,}(?=[\w'-])/g, ' ').trim()
      for (const part of unfolded.split('\n\n')) {
        if (part.startsWith('{')) assert.doesNotThrow(() => JSON.parse(part), where)
        else for (const line of part.split('\n')) assert.match(line, HTTP_LINE, where)
      }
    }
  })

  test('style sheets name what the elements have', () => {
    const names = (kind: 'cssProperties' | 'cssParts' | 'cssStates') =>
      new Set(elements.flatMap((element) => (element[kind] ?? []).map(({ name }) => name)))
    const [properties, parts, states] = [
      names('cssProperties'),
      names('cssParts'),
      names('cssStates'),
    ]
    for (const [name] of PLACEHOLDER.matchAll(TOKEN)) properties.add(name)
    assert.ok(properties.size > 5 && parts.size > 10 && states.size > 1)
    for (const { code, where } of of('css')) {
      assert.equal(code.match(/\{/g)?.length, code.match(/\}/g)?.length, where)
      for (const [name] of code.matchAll(TOKEN)) {
        assert.ok(properties.has(name), `${where}: ${name}`)
      }
      for (const [, part = ''] of code.matchAll(/::part\(([^)]*)\)/g)) {
        for (const each of part.split(' ')) assert.ok(parts.has(each), `${where}: ${each}`)
      }
      for (const [, state = ''] of code.matchAll(/:state\(([^)]*)\)/g)) {
        assert.ok(states.has(state), `${where}: ${state}`)
      }
    }
  })

  test('every tag is closed', () => {
    for (const { code, where } of of('html')) assert.deepEqual(unclosed(code), [], where)
  })

  test('tags have the attributes that the elements have', () => {
    const everywhere = ['id', 'class', 'slot', 'style', 'lang', 'dir', 'hidden']
    for (const { code, where } of of('html', 'vue', 'svelte', 'erb', 'blade', 'tsx', 'js', 'ts')) {
      for (const [, tag = '', attributes = ''] of code.matchAll(
        /<(bucket-upload[\w-]*)((?:\s[^<>]*?)?)\/?>/g,
      )) {
        const element = elements.find(({ tagName }) => tagName === tag)
        assert.ok(element, `${where}: <${tag}>`)
        const known = [...(element.attributes ?? []), ...(element.members ?? [])].map(
          ({ name }) => name,
        )
        const plain = attributes.replace(/=(?:"[^"]*"|\{(?:[^{}]|\{[^{}]*\})*\})/g, '')
        for (const name of plain.match(/[^\s=]+/g) ?? []) {
          // A function, of which the tag's own end was found too early.
          if (name.includes('{') || name.includes('}') || name.includes('detail')) continue
          if (/^(?:on|[@.:?(]|prop:|data-|aria-|v-)/.test(name) || everywhere.includes(name))
            continue
          assert.ok(known.includes(name), `${where}: ${name} of <${tag}>`)
        }
      }
    }
  })

  test('commands and their options are those of the command line', () => {
    const lines = of('sh', 'bash').flatMap(({ code, where }) =>
      code.split('\n').map((line) => ({ line: line.trim(), where })),
    )
    const ours = lines.flatMap(({ line, where }) => {
      const [, rest] = /^(?:npx )?bucket-upload ([a-z][^|>#]*)/.exec(line) ?? []
      return rest === undefined ? [] : [{ words: rest.trim().split(/\s+/), where }]
    })
    assert.ok(ours.length > 30, `${ours.length} commands`)
    for (const { words, where } of ours) {
      const [name = '', ...others] = words
      if (name === 'help') continue
      const command = COMMANDS.find((it) => it.name === name)
      assert.ok(command, `${where}: ${name}`)
      for (const word of others.filter((it) => it.startsWith('--'))) {
        const option = word.slice(2).split('=')[0] ?? ''
        const known = option in command.options || ['json', 'help'].includes(option)
        assert.ok(known, `${where}: ${name} ${word}`)
      }
    }
  })
})

/** Tags that have no end. */
const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'source'])

/** Tags without an end, and ends without a tag. */
function unclosed(html: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const markup = html
    .replace(/<!--[\s\S]*?-->|<!doctype[^>]*>/gi, '')
    .replace(/(<script\b[^>]*>)[\s\S]*?(?=<\/script>)/g, '$1')
  for (const [, end, name = ''] of markup.matchAll(
    /<(\/?)([a-z][\w-]*)(?:"[^"]*"|'[^']*'|[^"'>])*>/g,
  )) {
    if (VOID.has(name)) continue
    if (end === '') open.push(name)
    else if (open.at(-1) === name) open.pop()
    else wrong.push(`</${name}>`)
  }
  // The end of a paragraph, an item or an option may be left out.
  return [
    ...wrong,
    ...open.filter((name) => !['p', 'li', 'option', 'html', 'body', 'head'].includes(name)),
  ]
}
