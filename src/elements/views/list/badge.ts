import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../../engine/index.ts'
import { doneIcon, markIcon, pauseIcon } from '../../parts/icons.ts'

const BADGES = { uploaded: doneIcon, failed: markIcon, paused: pauseIcon } as const

/** The disc on the picture of a file that repeats its state. */
export function badge({ status }: FileSnapshot): TemplateResult | typeof nothing {
  const icon = BADGES[status as keyof typeof BADGES]
  return icon ? html`<span class="badge ${status}" part="badge">${icon}</span>` : nothing
}
