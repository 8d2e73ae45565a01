import { chosen, chosenTokens, type Values } from './options.ts'

/** For which there is code to copy. */
export const FRAMEWORKS = ['HTML', 'React', 'Vue', 'Svelte', 'Angular'] as const
export type Framework = (typeof FRAMEWORKS)[number]

/** What was chosen, for the widget to be made of it. */
interface Choice {
  signer: string
  values: Values
  tokens: Values
}

const WRITERS: Record<Framework, (choice: Choice) => string> = {
  HTML: html,
  React: react,
  Vue: vue,
  Svelte: svelte,
  Angular: angular,
}

/** The file that makes the widget as it was chosen: complete, to be copied. */
export function codeFor(framework: Framework, choice: Choice): string {
  return `${WRITERS[framework](choice)}\n`
}

function html(choice: Choice): string {
  return `<script type="module" src="/bucket-upload.js"></script>

${tag(attributes(choice))}${styleTag(choice)}`
}

function react(choice: Choice): string {
  const tokens = chosenTokens(choice.tokens)
  const props = [
    `signer=${jsx(choice.signer)}`,
    ...chosen(choice.values).map(({ option, value }) =>
      value === true ? option.property : `${option.property}=${jsx(value)}`,
    ),
    'onFileUploaded={({ detail }) => console.log(detail.key, detail.downloadUrl)}',
    ...(tokens.length > 0 ? ['style={looks}'] : []),
  ]
  const looks = tokens.map(([name, value]) => `  ${quote(name)}: ${quote(value)},\n`).join('')
  return `import { BucketUpload } from 'bucket-upload/react'
${tokens.length > 0 ? `import type { CSSProperties } from 'react'\n\nconst looks = {\n${looks}} as CSSProperties\n` : ''}
export default function Upload() {
  return (
    <BucketUpload
${lines(props, 6)}    />
  )
}`
}

function vue(choice: Choice): string {
  return `<script setup lang="ts">
import type { UploadedFile } from 'bucket-upload'
import { BucketUpload } from 'bucket-upload/vue'
import { shallowRef } from 'vue'

const files = shallowRef<readonly UploadedFile[]>([])
</script>

<template>
  <BucketUpload
${lines(['v-model="files"', ...attributes(choice)], 4)}  />
</template>${styleTag(choice)}`
}

function svelte(choice: Choice): string {
  const listener = 'onfile-uploaded={({ detail }) => console.log(detail.key, detail.downloadUrl)}'
  return `<script lang="ts">
  import 'bucket-upload/svelte'
</script>

${tag([...attributes(choice).map(withoutBraces), listener])}${styleTag(choice)}`
}

function angular(choice: Choice): string {
  const items = [...attributes(choice).map(withoutBraces), '(file-uploaded)="remember($event)"']
  const template = tag(items)
    .replace(/^/gm, '    ')
    .replace(/[\\`]|\$\{/g, '\\$&')
  const sheet = styles(choice, '    ')
  return `import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core'
import type { UploadedFile } from 'bucket-upload'
import 'bucket-upload/define'

@Component({
  selector: 'app-upload',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`
${template}
  \`,${sheet && `\n  styles: \`\n${sheet}  \`,`}
})
export class Upload {
  protected remember({ detail }: CustomEvent<UploadedFile>) {
    console.log(detail.key, detail.downloadUrl)
  }
}`
}

function tag(items: string[]): string {
  return `<bucket-upload\n${lines(items, 2)}></bucket-upload>`
}

function lines(items: string[], indent: number): string {
  return items.map((item) => `${' '.repeat(indent)}${item}\n`).join('')
}

function attributes({ signer, values }: Choice): string[] {
  return [
    `signer="${escaped(signer)}"`,
    ...chosen(values).map(({ option, value }) =>
      value === true ? option.name : `${option.name}="${escaped(value)}"`,
    ),
  ]
}

function styleTag(choice: Choice): string {
  const sheet = styles(choice, '')
  return sheet && `\n\n<style>\n${sheet}</style>`
}

function styles({ tokens }: Choice, indent: string): string {
  const rules = chosenTokens(tokens).map(([name, value]) => `${indent}    ${name}: ${value};\n`)
  return rules.length === 0 ? '' : `${indent}  bucket-upload {\n${rules.join('')}${indent}  }\n`
}

function escaped(value: string | number): string {
  return String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** Svelte and Angular take what is between braces for an expression. */
function withoutBraces(item: string): string {
  return item.replaceAll('{', '&#123;').replaceAll('}', '&#125;')
}

/** The value of an attribute of JSX, where a text in quotes is HTML. */
function jsx(value: string | number): string {
  if (typeof value === 'number') return `{${value}}`
  return /["&\\\n]/.test(value) ? `{${JSON.stringify(value)}}` : `"${value}"`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`
}
