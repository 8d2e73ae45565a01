import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { lessManifest } from './less-manifest.ts'
import { linksOfSite } from './links.ts'
import { fileOf } from './sidebar.ts'
import { stackTables } from './tables.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))

const titleOf = (path: string) => {
  const document = readFileSync(`${docs}${path}.md`, 'utf8')
  const title = /^# (.+)$/m.exec(document)?.[1] ?? basename(path)
  // The sidebar takes its texts for HTML.
  const text = title.replace(/^Quick start: |`|\\/g, '')
  // A tag is written small.
  const begun = path.startsWith('api/elements/')
    ? text
    : text.charAt(0).toUpperCase() + text.slice(1)
  return begun.replaceAll('<', '&lt;')
}
/** An index is found by the address of its folder alone. */
const page = (path: string) => ({
  text: titleOf(path),
  link: `/${path.replace(/\bindex$/, '')}`,
})
const pages = (folder: string) =>
  existsSync(`${docs}${folder}`)
    ? readdirSync(`${docs}${folder}`)
        .filter((file) => file.endsWith('.md') && !/^(?:index|README)\.md$/.test(file))
        .sort()
        .map((file) => page(`${folder}/${basename(file, '.md')}`))
    : []
const inOrder = (folder: string, ...names: string[]) =>
  names.map((name) => page(folder === '' ? name : `${folder}/${name}`))

/**
 * Guides come first among what a search finds, and their beginnings before their parts. It is sent to
 * the page as text, so it can name nothing from outside.
 */
const boostDocument = (id: string, _: string, stored?: Record<string, unknown>) => {
  if (/^\/(?:api|decisions|from-the-provider-docs)\b/.test(id)) return 0.3
  return Array.isArray(stored?.titles) && stored.titles.length === 0 ? 1.4 : 1
}

/** An arrow into a line. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#2a60e6" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><path d="M16 22V5m-7 7 7-7 7 7M5 27h22"/></svg>'

/** The documents as a site, with Storybook beside them; `npm run build-site` makes it. */
export default defineConfig({
  title: 'bucket-upload',
  description: 'Files from the browser straight into an S3 bucket',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  // Until people change the scheme there are no transitions to stop, which draws each page twice more.
  appearance: { disableTransition: false },
  // The names of all pages in a file of their own, and not in each page.
  metaChunk: true,
  // For other sites, in their form.
  srcExclude: ['for-providers/**'],
  // Storybook is built beside it, later.
  ignoreDeadLinks: [/^\/storybook\//, /^http:\/\/localhost/],
  markdown: {
    config: (markdown) => {
      linksOfSite(markdown, docs)
      stackTables(markdown)
    },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  // It has icons of social networks, of which there are none, and is waited for.
  transformHtml: (html) => html.replace(/ *<link [^>]*href="\/vp-icons\.css"[^>]*>\n/, ''),
  // Of a page that is not in the sidebar, the theme believes that the first one there is the next.
  transformPageData: ({ relativePath, frontmatter }, { siteConfig }) => {
    const groups: { items: { link: string }[] }[] = siteConfig.site.themeConfig.sidebar
    const isThere = groups.some(({ items }) => items.some((it) => fileOf(it) === relativePath))
    return isThere ? {} : { frontmatter: { ...frontmatter, prev: false, next: false } }
  },
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('bucket-upload') } },
  },
  vite: {
    resolve: {
      alias: [
        ...['define', 'protocol'].map((entry) => ({
          find: `bucket-upload/${entry}`,
          replacement: `${docs}../dist/${entry}.js`,
        })),
        {
          find: /^.*\/VPSidebarGroup\.vue$/,
          replacement: `${docs}.vitepress/theme/SidebarGroups.vue`,
        },
      ],
    },
    plugins: [lessManifest],
    build: { chunkSizeWarningLimit: 1000 },
  },
  themeConfig: {
    nav: [
      { text: 'Install', link: '/install' },
      { text: 'Quick start', link: '/start/cdn' },
      { text: 'Guides', link: '/compose' },
      { text: 'API', link: '/api/elements/bucket-upload' },
      { text: 'Playground', link: '/playground' },
      { text: 'Help', link: '/troubleshooting' },
      { text: 'Stories', link: '/storybook/index.html', target: '_self' },
    ],
    sidebar: [
      { text: 'Start', items: inOrder('', 'introduction', 'install', 'playground', 'compare') },
      {
        text: 'Quick start',
        items: [
          ...inOrder('start', 'cdn', 'html', 'react', 'nextjs', 'react-router', 'tanstack-start'),
          ...inOrder(
            'start',
            'vue',
            'nuxt',
            'svelte',
            'sveltekit',
            'solid',
            'angular',
            'astro',
            'python',
            'streamlit',
            'jupyter',
          ),
        ],
      },
      {
        text: 'The page',
        items: [
          'bucket-upload',
          'adding-files',
          'streams',
          'recorder',
          'forms',
          'order-and-captions',
          'events',
          'links',
          'after-a-reload',
          'not-lost',
          'photos',
        ]
          .concat('theming', 'languages', 'compose', 'headless', 'uppy-plugins', 'testing')
          .map(page),
      },
      {
        text: 'The server',
        items: [
          ...['signer', 'authentication', 'routes', 'quotas', 'after-upload', 'receipts'].map(page),
          ...['files-not-kept', 'deploy', 'python', 'other-languages'].map(page),
          ...inOrder('recipes', 'rails', 'laravel'),
        ],
      },
      {
        text: 'Buckets',
        items: [
          ...inOrder('providers', 'index', 'storj', 'qencode', 'ibm-cos', 'aws', 'r2', 'other'),
          ...inOrder('providers', 'cors', 'compatibility'),
          page('lifecycle'),
        ],
      },
      {
        text: 'Trust',
        items: ['security', 'review', 'csp', 'privacy', 'accessibility', 'reliability']
          .concat('performance', 'sizes', 'limits', 'stability')
          .map(page),
      },
      {
        text: 'Help',
        items: [
          ...inOrder('', 'troubleshooting', 'errors', 'faq'),
          ...inOrder('migrate', 'uppy-dashboard', 'uploadthing', 'filepond'),
          ...inOrder('migrate', 'dropzone', 'react-dropzone'),
        ],
      },
      {
        text: 'Reference',
        items: ['command-line', 'from-the-provider-docs', 'signer-protocol', 'defaults'].map(page),
      },
      { text: 'API: elements', items: pages('api/elements') },
      { text: 'API: modules', items: pages('api/modules') },
      { text: 'Inside', items: inOrder('', 'architecture', 'decisions/README') },
    ],
    outline: [2, 3],
    notFound: {
      title: 'Page not found',
      quote: 'It may have another name now: try the search.',
      linkLabel: 'Home page',
      linkText: 'Home page',
    },
    search: { provider: 'local', options: { miniSearch: { searchOptions: { boostDocument } } } },
  },
})
