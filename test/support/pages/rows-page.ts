/** A form with files in order, by the components for React and Vue. */
import { createElement as toReact } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { createApp, h as toVue } from 'vue'
import { BucketUpload as ReactUpload } from '../../../src/frameworks/react/index.ts'
import { BucketUpload as VueUpload } from '../../../src/frameworks/vue/index.ts'

const PROPS = {
  ...{ multiple: true, manual: true, reorder: true, name: 'papers', formValue: 'json' as const },
}

/** Shows the form in an element. */
export const shows = {
  react(target: HTMLElement, signer: string) {
    const upload = toReact(ReactUpload, { ...PROPS, signer })
    flushSync(() => createRoot(target).render(toReact('form', null, upload)))
  },
  vue(target: HTMLElement, signer: string) {
    createApp({
      render: () => toVue('form', [toVue(VueUpload, { ...PROPS, signer })]),
    }).mount(target)
  },
}
Object.assign(globalThis, { shows })
