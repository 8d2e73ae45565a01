/** Shows our tag by each framework in turn, written as one writes any tag, without our components. */
import { html, nothing, render as renderLit } from 'lit'
import { render as renderPreact, h as toPreact } from 'preact'
import { createElement as toReact } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { createSignal } from 'solid-js'
import toSolid from 'solid-js/h'
import { render as renderSolid } from 'solid-js/web'
import { mount, flushSync as settle } from 'svelte'
import { render as renderVue, h as toVue } from 'vue'
import type { BucketUpload } from '../../../src/index.ts'
import Component from './frameworks-page.svelte'

/** What is shown. */
export interface Shown {
  isShown: boolean
  /** Links in the slot for existing files. */
  links: string[]
  attributes: Pick<BucketUpload, 'label' | 'multiple' | 'linkExpires'>
  properties: Partial<Pick<BucketUpload, 'existing' | 'strings' | 'signerHeaders' | 'signer'>>
  onAdded: (event: Event) => void
  onInput: (event: Event) => void
}

type Show = (shown: Shown) => void

const TAG = 'bucket-upload'

/** Begins to show in an element; what comes back shows the same thing in another way. */
export const frameworks: Record<string, (target: HTMLElement) => Show> = {
  react(target) {
    const root = createRoot(target)
    return ({ isShown, links, attributes, properties, onAdded, onInput }) => {
      const events = { 'onfiles-added': onAdded, oninput: onInput }
      const children = links.map((href) =>
        toReact('a', { key: href, href, slot: 'existing' }, href),
      )
      const props = { ...attributes, ...properties, ...events }
      flushSync(() => root.render(isShown ? toReact(TAG, props, children) : null))
    }
  },
  preact(target) {
    return ({ isShown, links, attributes, properties, onAdded, onInput }) => {
      const events = { 'onfiles-added': onAdded, onInput }
      const children = links.map((href) => toPreact('a', { href, slot: 'existing' }, href))
      const props = { ...attributes, ...properties, ...events }
      renderPreact(isShown ? toPreact(TAG, props, children) : null, target)
    }
  },
  vue(target) {
    return ({ isShown, links, attributes, properties, onAdded, onInput }) => {
      const events = { onFilesAdded: onAdded, onInput }
      const children = links.map((href) => toVue('a', { key: href, href, slot: 'existing' }, href))
      // In a template it is `.signer`, or `:signer.prop`.
      const props = Object.entries(properties).map(([name, value]) => [`.${name}`, value])
      const { linkExpires, ...others } = attributes
      const attribute = { 'link-expires': linkExpires }
      const all = { ...others, ...attribute, ...Object.fromEntries(props), ...events }
      renderVue(isShown ? toVue(TAG, all, children) : null, target)
    }
  },
  svelte(target) {
    const { set } = mount(Component, { target }) as { set: Show }
    return (shown) => {
      set(shown)
      settle()
    }
  },
  solid(target) {
    const [shown, set] = createSignal<Shown>()
    renderSolid(
      (() => () => {
        const now = shown()
        if (!now?.isShown) return null
        const { links, attributes, properties, onAdded, onInput } = now
        const props = Object.entries({ ...attributes, ...properties })
        return toSolid(
          TAG,
          Object.fromEntries(props.map(([name, value]) => [`prop:${name}`, () => value])),
          { 'on:files-added': onAdded, 'on:input': onInput },
          links.map((href) => toSolid('a', { 'attr:slot': 'existing', href }, href)),
        )()
      }) as never,
      target,
    )
    return set
  },
  lit(target) {
    return ({ isShown, links, attributes: a, properties: p, onAdded, onInput }) => {
      const children = links.map((href) => html`<a slot="existing" href=${href}>${href}</a>`)
      const element = html`<bucket-upload
        label=${a.label ?? nothing} ?multiple=${a.multiple} link-expires=${a.linkExpires ?? nothing}
        .existing=${p.existing} .strings=${p.strings} .signerHeaders=${p.signerHeaders} .signer=${p.signer}
        @files-added=${onAdded} @input=${onInput}>${children}</bucket-upload>`
      renderLit(isShown ? element : nothing, target)
    }
  },
}
Object.assign(globalThis, { frameworks })
