/** The page of each framework: where it goes, and what is in it. */
export interface PageTemplate {
  /** For the question. */
  title: string
  path: string
  /** Where the framework's own server for development shows pages. */
  origin: string
  /**
   * @param signer its address, as the page has it
   * @param library the folder of the library's files beside the page, if `isPlain`
   */
  content(signer: string, library: string): string
  /** Whether it loads the library's files as they are, so that they have to be beside it. */
  isPlain?: true
  /** How to see it, if the page is not a part of an application. */
  show?: string
}

const jsx = (signer: string) => `<BucketUpload
      signer="${signer}"
      label="Your files"
      multiple
      onFileUploaded={({ detail }) => console.log(detail.key, detail.downloadUrl)}
    />`

const react = (signer: string) => `import 'bucket-upload/placeholder.css'
import { BucketUpload } from 'bucket-upload/react'

export function Upload() {
  return (
    ${jsx(signer)}
  )
}
`

const vue = (signer: string) => `<script setup lang="ts">
import type { UploadedFile } from 'bucket-upload'
import 'bucket-upload/placeholder.css'
import { BucketUpload } from 'bucket-upload/vue'
import { shallowRef } from 'vue'

const files = shallowRef<readonly UploadedFile[]>([])
</script>

<template>
  <BucketUpload v-model="files" signer="${signer}" label="Your files" multiple />
</template>
`

/** By the names that `--framework` takes. */
export const PAGES: Readonly<Record<string, PageTemplate>> = {
  html: {
    title: 'none: a plain page',
    path: 'public/upload.html',
    origin: 'http://localhost:8080',
    isPlain: true,
    show: 'npx http-server public -p 8080 -c-1, and open http://localhost:8080/upload.html',
    content: (signer, library) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Upload</title>
  <script type="module" src="${library}/bucket-upload.js"></script>
  <bucket-upload signer="${signer}" label="Your files" multiple></bucket-upload>
  <ul></ul>
  <script>
    document.querySelector('bucket-upload').addEventListener('file-uploaded', ({ detail }) => {
      const link = document.createElement('a')
      link.href = detail.downloadUrl
      link.textContent = detail.name
      const item = document.createElement('li')
      item.append(link)
      document.querySelector('ul').append(item)
    })
  </script>
</html>
`,
  },
  react: {
    title: 'React',
    path: 'src/Upload.tsx',
    origin: 'http://localhost:5173',
    content: react,
  },
  nextjs: {
    title: 'Next.js',
    path: 'app/upload/page.tsx',
    origin: 'http://localhost:3000',
    content: (signer) =>
      `'use client'\n\n${react(signer).replace('export function Upload', 'export default function Page')}`,
  },
  vue: { title: 'Vue', path: 'src/Upload.vue', origin: 'http://localhost:5173', content: vue },
  nuxt: {
    title: 'Nuxt',
    path: 'app/pages/upload.vue',
    origin: 'http://localhost:3000',
    content: vue,
  },
  svelte: {
    title: 'Svelte',
    path: 'src/Upload.svelte',
    origin: 'http://localhost:5173',
    content: (signer) => `<script lang="ts">
  import 'bucket-upload/placeholder.css'
  import 'bucket-upload/svelte'
</script>

<bucket-upload
  signer="${signer}"
  label="Your files"
  multiple
  onfile-uploaded={({ detail }) => console.log(detail.key, detail.downloadUrl)}
></bucket-upload>
`,
  },
  solid: {
    title: 'Solid',
    path: 'src/Upload.tsx',
    origin: 'http://localhost:5173',
    content: (signer) => `import 'bucket-upload/placeholder.css'
import 'bucket-upload/solid'

export function Upload() {
  return (
    <bucket-upload
      signer="${signer}"
      label="Your files"
      multiple
      on:file-uploaded={({ detail }) => console.log(detail.key, detail.downloadUrl)}
    />
  )
}
`,
  },
  angular: {
    title: 'Angular',
    path: 'src/app/upload.ts',
    origin: 'http://localhost:4200',
    content: (signer) => `import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core'
import type { UploadedFile } from 'bucket-upload'
import 'bucket-upload/define'

@Component({
  selector: 'app-upload',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`
    <bucket-upload
      signer="${signer}"
      label="Your files"
      multiple
      (file-uploaded)="remember($event)"
    ></bucket-upload>
  \`,
})
export class Upload {
  protected remember({ detail }: CustomEvent<UploadedFile>) {
    console.log(detail.key, detail.downloadUrl)
  }
}
`,
  },
}
