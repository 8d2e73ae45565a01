/** A page in Vue, for the test of the component: rendered on a server, and hydrated in a browser. */
import { type App, createSSRApp, h, shallowRef } from 'vue'
import { BucketUpload } from '../../../src/frameworks/vue/index.ts'
import type { BucketUpload as Element } from '../../../src/index.ts'

interface Told {
  events: string[]
  element(): Element | undefined
  rerender(props: object): void
  unmount(): void
}

const props = shallowRef<object>({ label: 'First', multiple: true, dropAnywhere: true })
const component = shallowRef<InstanceType<typeof BucketUpload>>()

export const told: Told = {
  events: [],
  element: () => component.value?.element,
  rerender: (next) => {
    props.value = next
  },
  unmount: () => {},
}
Object.assign(globalThis, { told })

/** The application, as both sides make it. */
export function application(): App {
  return createSSRApp({
    render: () =>
      h(
        BucketUpload,
        {
          ...{ maxSize: '5MB', linkExpires: 60, disabled: false, ...props.value },
          ref: component,
          class: 'wide',
          signer: (requests) => requests.map(({ id }) => ({ id, url: 'https://bucket.example/a' })),
          onFilesAdded: (event) => {
            event.preventDefault()
            told.events.push(event.detail.files.map(({ name }) => name).join())
          },
        },
        () => h('a', { slot: 'existing', href: '/one.txt' }, 'one.txt'),
      ),
  })
}

if (typeof document !== 'undefined') {
  const app = application()
  app.mount('#root')
  told.unmount = () => app.unmount()
}
