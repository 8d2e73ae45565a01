import bootstrap from 'bootstrap/dist/css/bootstrap.min.css?raw'
import bootstrapTokens from '../docs/themes/bootstrap.css?raw'
import materialTokens from '../docs/themes/material.css?raw'
import shadcnTokens from '../docs/themes/shadcn.css?raw'
import webAwesomeTokens from '../docs/themes/web-awesome.css?raw'
import materialPage from './material-page.css?raw'
import shadcnPage from './shadcn-page.css?raw'
import webAwesomePage from './web-awesome-page.css?raw'

/** What a page has that looks like that, and the tokens that make the widget fit. */
const LOOKS: Record<string, string[]> = {
  none: [],
  // The real one.
  bootstrap: [bootstrap, bootstrapTokens],
  // The values of its default theme, 3.14.
  'web-awesome': [webAwesomePage, webAwesomeTokens],
  // The values of its neutral theme.
  shadcn: [shadcnPage, shadcnTokens],
  // The values of the baseline scheme.
  material: [materialPage, materialTokens],
}

export type Look = keyof typeof LOOKS

export const LOOK_NAMES = Object.keys(LOOKS)

/** Gives the page a look, and takes away the one before. */
export function setLook(look: string, scheme: string): void {
  const root = document.documentElement
  const isDark =
    scheme === 'light dark' ? matchMedia('(prefers-color-scheme: dark)').matches : scheme === 'dark'
  root.dataset.bsTheme = isDark ? 'dark' : 'light'
  root.dataset.look = look
  // As Tailwind has it.
  root.classList.toggle('dark', look === 'shadcn' && isDark)
  document.adoptedStyleSheets = (LOOKS[look] ?? []).map((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
}
