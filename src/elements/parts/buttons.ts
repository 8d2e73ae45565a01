import { html, nothing, type TemplateResult } from 'lit'
import type { Localize } from '../../i18n/localize.ts'
import type { StringKey } from '../../i18n/strings.ts'
import { openIcon } from './icons.ts'

/** What a button does. */
export interface ButtonAction {
  /** The text that names the action. */
  key: StringKey
  /** Without an icon the button shows the text. */
  icon?: TemplateResult | undefined
  run: () => void
  isDisabled?: boolean
  /** Class of the button, by its icon if it has one. */
  kind?: string
}

/** A button that acts on one file: an icon, or its text. */
export function iconButton(
  localize: Localize,
  name: string,
  { key, icon, run, isDisabled = false, kind = '' }: ButtonAction,
): TemplateResult {
  const action = localize.text(key)
  return html`<button
    type="button"
    class=${icon ? `icon ${kind}`.trim() : kind}
    aria-label=${localize.text('actionOn', { action, name })}
    title=${icon ? action : nothing}
    ?disabled=${isDisabled}
    @click=${run}
  >
    ${icon ?? action}
  </button>`
}

/** The link that opens a file in another tab. */
export function openLink(localize: Localize, name: string, url: string): TemplateResult {
  const action = localize.text('open')
  return html`<a
    class="icon"
    part="link"
    href=${url}
    target="_blank"
    rel="noopener noreferrer"
    aria-label=${localize.text('actionOn', { action, name })}
    title=${action}
    >${openIcon}</a
  >`
}
