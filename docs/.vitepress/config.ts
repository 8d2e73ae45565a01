import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { linksOfSite } from './links.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))

const titleOf = (path: string) => {
  const text = readFileSync(`${docs}${path}.md`, 'utf8')
  return (/^# (.+)$/m.exec(text)?.[1] ?? basename(path)).replace(/^Quick start: |`|\\/g, '')
}
const page = (path: string) => ({ text: titleOf(path), link: `/${path}` })
const pages = (folder: string) =>
  existsSync(`${docs}${folder}`)
    ? readdirSync(`${docs}${folder}`)
        .filter((file) => file.endsWith('.md') && !/^(?:index|README)\.md$/.test(file))
        .sort()
        .map((file) => page(`${folder}/${basename(file, '.md')}`))
    : []
const inOrder = (folder: string, ...names: string[]) =>
  names.map((name) => page(`${folder}/${name}`))

/** The documents as a site, with Storybook beside them; `npm run build-site` makes it. */
export default defineConfig({
  title: 'bucket-upload',
  description: 'Files from the browser straight into an S3 bucket',
  lang: 'en',
  srcExclude: ['decisions/README.md'],
  // Storybook is built beside it, later.
  ignoreDeadLinks: [/^\/storybook\//, /^http:\/\/localhost/],
  markdown: {
    config: (markdown) => linksOfSite(markdown, docs),
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('bucket-upload') } },
  },
  vite: {
    resolve: {
      alias: ['define', 'protocol'].map((entry) => ({
        find: `bucket-upload/${entry}`,
        replacement: `${docs}../dist/${entry}.js`,
      })),
    },
    build: { chunkSizeWarningLimit: 1000 },
  },
  themeConfig: {
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Quick start', link: '/start/html' },
      { text: 'API', link: '/api/elements/bucket-upload' },
      { text: 'Playground', link: '/playground' },
      { text: 'Stories', link: '/storybook/index.html', target: '_self' },
    ],
    sidebar: [
      { text: 'Begin', items: ['overview', 'playground', 'defaults'].map(page) },
      {
        text: 'Quick start',
        items: inOrder(
          ...['start', 'html', 'react', 'nextjs', 'vue', 'nuxt', 'svelte', 'solid', 'angular'],
        ),
      },
      {
        text: 'Providers',
        items: inOrder(
          ...['providers', 'index', 'storj', 'qencode', 'ibm-cos', 'other', 'compatibility'],
        ),
      },
      {
        text: 'In the page',
        items: ['adding-files', 'forms', 'events', 'links', 'errors', 'theming', 'languages']
          .concat('accessibility', 'uppy-plugins')
          .map(page),
      },
      {
        text: 'On the server',
        items: [
          'signer',
          'signer-protocol',
          'command-line',
          'from-the-provider-docs',
          'security',
        ].map(page),
      },
      { text: 'How it works', items: ['architecture', 'reliability', 'performance'].map(page) },
      { text: 'Coming from', items: inOrder('migrate', 'uppy-dashboard', 'filepond', 'dropzone') },
      // Not collapsed: the theme would make a button with a button in it.
      { text: 'API: elements', items: pages('api/elements') },
      { text: 'API: modules', items: pages('api/modules') },
      { text: 'Decisions', items: pages('decisions') },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
})
