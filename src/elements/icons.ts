import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit'

const icon = (content: SVGTemplateResult): TemplateResult => html`
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${content}</svg>
`

export const uploadIcon = icon(svg`
  <path d="M12 16V6m0 0L8 10m4-4 4 4" />
  <path d="M6.5 19a4.5 4.5 0 0 1-.8-8.93 6.5 6.5 0 0 1 12.6 0A4.5 4.5 0 0 1 17.5 19" />
`)
export const fileIcon = icon(svg`
  <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z" /><path d="M14 3v5h5" />
`)
export const personIcon = icon(svg`
  <circle cx="12" cy="8" r="4" /><path d="M4.5 20a7.5 7.5 0 0 1 15 0" />
`)
export const doneIcon = icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`)
export const failedIcon = icon(svg`
  <path d="M12 8v5m0 3.5v.01" /><circle cx="12" cy="12" r="9" />
`)
export const closeIcon = icon(svg`<path d="M6 6l12 12M18 6 6 18" />`)
export const retryIcon = icon(svg`
  <path d="M4 12a8 8 0 1 0 2.6-5.9" /><path d="M4 4v4.5h4.5" />
`)
export const copyIcon = icon(svg`
  <rect x="9" y="9" width="11" height="11" rx="2" />
  <path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3" />
`)
export const openIcon = icon(svg`
  <path d="M14 4h6v6M20 4l-9 9" /><path d="M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4" />
`)
export const pauseIcon = icon(svg`<path d="M9 6v12M15 6v12" />`)
export const resumeIcon = icon(svg`<path d="M8 5.5v13l10.5-6.5z" />`)
