import type { JSX } from 'solid-js'
import 'bucket-upload/solid'

export const attributes: JSX.IntrinsicElements['bucket-upload'] = {
  'max-size': '5MB',
  'prop:signer': (requests) => requests.map(({ id }) => ({ id, url: 'https://example.com' })),
  'on:file-uploaded': ({ detail }) => console.log(detail.key),
}
// @ts-expect-error: there are two.
export const wrong: JSX.IntrinsicElements['bucket-upload'] = { 'prop:variant': 'small' }
