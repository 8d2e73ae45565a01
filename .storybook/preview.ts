import type { Preview } from '@storybook/web-components-vite'
import { html } from 'lit'
import '../src/define.ts'
import './preview.css'

const preview: Preview = {
  parameters: { layout: 'fullscreen', a11y: { test: 'error' } },
  globalTypes: {
    scheme: {
      description: 'Colour scheme of the page',
      toolbar: { title: 'Scheme', items: ['light dark', 'light', 'dark'], dynamicTitle: true },
    },
  },
  initialGlobals: { scheme: 'light dark' },
  decorators: [
    (story, { globals }) => {
      document.documentElement.style.setProperty('color-scheme', String(globals.scheme))
      return html`<main class="story">${story()}</main>`
    },
  ],
}

export default preview
