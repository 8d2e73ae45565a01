import type { SvelteHTMLElements } from 'svelte/elements'
import 'bucket-upload/svelte'

export const attributes: SvelteHTMLElements['bucket-upload'] = {
  signer: '/sign',
  'max-size': '5MB',
  multiple: true,
  'onfile-uploaded': ({ detail }) => console.log(detail.key),
}
// @ts-expect-error: there are two.
export const wrong: SvelteHTMLElements['bucket-upload'] = { variant: 'small' }
