/** A page in React, for the test of the component: bundled once for each version of React. */
import { createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { BucketUpload } from '../../../src/frameworks/react/index.ts'
import type { BucketUpload as Element } from '../../../src/index.ts'

interface Told {
  renders: number
  events: string[]
  element: Element | null
  rerender: (props: object) => void
  unmount: () => void
}

export const told: Told = {
  renders: 0,
  events: [],
  element: null,
  rerender: () => {},
  unmount: () => {},
}
Object.assign(globalThis, { told })

function Page() {
  const [props, setProps] = useState<object>({ label: 'First', multiple: true, maxSize: '5MB' })
  told.rerender = setProps
  told.renders += 1
  const mark = told.renders
  return h(BucketUpload, {
    ...props,
    ref: (element: Element | null) => {
      told.element = element
    },
    signer: (requests) => requests.map(({ id }) => ({ id, url: 'https://bucket.example/a' })),
    className: 'wide',
    onFilesAdded: (event) => {
      event.preventDefault()
      told.events.push(`${mark}: ${event.detail.files.map(({ name }) => name)}`)
    },
  })
}

const root = createRoot(document.getElementById('root') as HTMLElement)
root.render(h(StrictMode, null, h(Page)))
told.unmount = () => root.unmount()
