import { type Preview, setCustomElementsManifest } from '@storybook/web-components-vite'
import { html } from 'lit'
import { setLocaleLoader } from '../src/define.ts'
import { addErrorTexts } from '../src/engine/api/errors.ts'
import { LATER_ERROR_TEXTS } from '../src/engine/api/later-error-texts.ts'
import { loadLocale } from '../src/locales/index.ts'
import { argTypesOf, declarationOf } from './arg-types.ts'
import { LOOK_NAMES, setLook } from './looks.ts'
import './preview.css'

setCustomElementsManifest(MANIFEST)
setLocaleLoader(loadLocale)
// Stories show errors without an upload.
addErrorTexts(LATER_ERROR_TEXTS)

const LANGUAGES = [
  { value: 'en', title: 'English' },
  { value: 'de', title: 'Deutsch' },
  { value: 'ar', title: 'العربية, right to left' },
  { value: 'he', title: 'עברית, right to left' },
  { value: 'ja', title: '日本語' },
]

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    layout: 'fullscreen',
    options: { storySort: { order: ['Introduction', 'Elements', ['bucket-upload'], 'Topics'] } },
    a11y: { test: 'error' },
    docs: {
      extractArgTypes: argTypesOf,
      extractComponentDescription: (tag: string) => declarationOf(tag)?.description,
    },
  },
  globalTypes: {
    scheme: {
      description: 'Color scheme of the page',
      toolbar: { title: 'Scheme', items: ['light dark', 'light', 'dark'], dynamicTitle: true },
    },
    lang: {
      description: 'Language and direction of the page',
      toolbar: { title: 'Language', items: LANGUAGES, dynamicTitle: true },
    },
    look: {
      description: 'What the page looks like',
      toolbar: { title: 'Look', items: LOOK_NAMES, dynamicTitle: true },
    },
  },
  initialGlobals: { scheme: 'light dark', lang: 'en', look: 'none' },
  decorators: [
    (story, { globals }) => {
      const { scheme, lang, look } = globals as Record<'scheme' | 'lang' | 'look', string>
      const root = document.documentElement
      root.style.setProperty('color-scheme', scheme)
      root.lang = lang
      root.dir = ['ar', 'he'].includes(lang) ? 'rtl' : 'ltr'
      setLook(look, scheme)
      return html`<main class="story">${story()}</main>`
    },
  ],
}

export default preview
