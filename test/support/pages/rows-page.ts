/** A form with files in order, each with a caption, by the components for React and Vue. */
import { createElement as toReact } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { createApp, h as toVue } from 'vue'
import { BucketUpload as ReactUpload } from '../../../src/frameworks/react/index.ts'
import { BucketUpload as VueUpload } from '../../../src/frameworks/vue/index.ts'

const PROPS = { multiple: true, manual: true, reorder: true, name: 'papers' }
/** Disabled, so that no form sends it: the copies in the rows are not. */
const PATTERN = { slot: 'fields', disabled: true }

/** Shows the form in an element. */
export const shows = {
  react(target: HTMLElement, signer: string) {
    const label = toReact('label', null, 'Caption ', toReact('input', { name: 'caption' }))
    const upload = toReact(ReactUpload, { ...PROPS, signer }, toReact('fieldset', PATTERN, label))
    flushSync(() => createRoot(target).render(toReact('form', null, upload)))
  },
  vue(target: HTMLElement, signer: string) {
    const label = () => toVue('label', ['Caption ', toVue('input', { name: 'caption' })])
    const upload = () =>
      toVue(VueUpload, { ...PROPS, signer }, () => toVue('fieldset', PATTERN, [label()]))
    createApp({ render: () => toVue('form', [upload()]) }).mount(target)
  },
}
Object.assign(globalThis, { shows })
