import { html, type ReactiveController, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../../engine/index.ts'
import type { EngineElement, EngineOwner } from '../../base/engine-element.ts'
import { type Fields, fieldsIn, readFields, writeFields } from './field-values.ts'
import { fieldsStyles } from './fields.styles.ts'
import { FormLists } from './form-lists.ts'

/** Attributes that name the id of another element. */
const REFERENCES = ['for', 'list', 'aria-labelledby', 'aria-describedby', 'aria-controls']

/** The fields of one row. */
interface RowCopy {
  element: HTMLElement
  fields: Fields
  /** Those that the page has disabled. */
  disabled: Set<Element>
}

/** What fields work with. */
export interface FieldsContext {
  host: EngineElement
  owner: () => EngineOwner | undefined
  /** From the file that loads this one, which must not import from it. */
  displayName: (name: string) => string
}

/**
 * Shows a copy of the page's fields in each row, and keeps what people write as the data along with the file.
 *
 * The copies are in the page, not in a shadow root: its styles, labels and scripts reach them, and its form
 * checks them. They have no `name` there, since the browser would send them without saying of which file.
 */
export class RowFields implements ReactiveController {
  readonly #context: FieldsContext
  readonly #copies = new Map<string, RowCopy>()
  /** The files whose data has a text for each field. */
  readonly #known = new Set<string>()

  constructor(context: FieldsContext) {
    this.#context = context
    const { host } = context
    const root = host.renderRoot as ShadowRoot
    const { styleSheet } = fieldsStyles
    if (styleSheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet]
    host.addController(this)
  }

  /** The place for the fields of a file. */
  row({ id }: FileSnapshot): TemplateResult {
    return html`<div class="fields"><slot name=${slotOf(id)}></slot></div>`
  }

  hostUpdated(): void {
    const { host, owner } = this.#context
    const source = sourceOf(host) ?? sourceOf(owner())
    if (!source) return
    const fields = fieldsIn(contentOf(source))
    // In an element they would be in the form themselves.
    for (const control of [...fields.values()].flat()) control.setAttribute('form', '')
    this.#fillIn(readFields(fields))
    const around = owner()
    if (around) FormLists.of(around, [...fields.keys()])
    const drawn = new Set<string>()
    for (const row of host.renderRoot.querySelectorAll<HTMLElement>('[data-id]:has(> .fields)')) {
      const { id = '' } = row.dataset
      drawn.add(id)
      this.#show(id, source)
    }
    for (const [id, { element }] of this.#copies) {
      if (!drawn.has(id)) this.#hide(id, element)
      if (!host.engine?.file(id)) this.#copies.delete(id)
    }
  }

  hostDisconnected(): void {
    for (const [id, { element }] of this.#copies) this.#hide(id, element)
  }

  /** Gives each file a text for each field. */
  #fillIn(initial: Record<string, string>): void {
    const { engine } = this.#context.host
    for (const id of engine?.ids ?? []) {
      if (this.#known.has(id)) continue
      this.#known.add(id)
      const meta = { ...initial, ...engine?.file(id)?.meta }
      if (Object.keys(initial).length > 0) engine?.setMeta(id, meta)
    }
    for (const id of this.#known) if (!engine?.file(id)) this.#known.delete(id)
  }

  #show(id: string, source: HTMLElement): void {
    const { host, owner } = this.#context
    const file = host.engine?.file(id)
    if (!file) return
    const copy = this.#copies.get(id) ?? this.#copy(file, source)
    this.#copies.set(id, copy)
    const { element, fields, disabled } = copy
    if (!element.isConnected) this.#insert(id, element)
    const isLocked = owner()?.isLocked ?? false
    for (const control of [...fields.values()].flat()) {
      control.disabled = isLocked || disabled.has(control)
    }
    // A script may have set them. What is being written stays as it is.
    const isOther = Object.entries(readFields(fields)).some(([name, it]) => it !== file.meta[name])
    if (isOther && !element.matches(':focus-within')) writeFields(fields, file.meta)
  }

  /** Puts a copy where the page's own elements are: beside the list, or around it if that is ours. */
  #insert(id: string, element: HTMLElement): void {
    const { host, owner } = this.#context
    const root = host.getRootNode()
    const around = owner()
    const isInside = around !== undefined && root instanceof ShadowRoot && root.host === around
    const place = isInside ? around : host
    if (isInside) {
      const slot = document.createElement('slot')
      slot.name = slotOf(id)
      slot.slot = slotOf(id)
      host.append(slot)
    }
    place.append(element)
  }

  #hide(id: string, element: HTMLElement): void {
    element.remove()
    this.#context.host.querySelector(`:scope > slot[name="${slotOf(id)}"]`)?.remove()
  }

  #copy(file: FileSnapshot, source: HTMLElement): RowCopy {
    const { host, displayName } = this.#context
    const { id } = file
    const element = cloneOf(source)
    element.slot = slotOf(id)
    if (!element.hasAttribute('role')) {
      element.setAttribute('role', 'group')
      element.setAttribute('aria-label', displayName(file.name))
    }
    ownIds(element, id)
    // A pattern that is disabled is in no form.
    if (element instanceof HTMLFieldSetElement) element.disabled = false
    const fields = fieldsIn(element)
    const controls = [...fields.values()].flat()
    const disabled = new Set(controls.filter((it) => it.matches(':disabled')))
    for (const [name, each] of fields) for (const control of each) unname(control, name, id)
    writeFields(fields, file.meta)
    const note = () => {
      const { engine } = host
      const { meta } = engine?.file(id) ?? {}
      if (meta) engine?.setMeta(id, { ...meta, ...readFields(fields) })
    }
    element.addEventListener('input', note)
    element.addEventListener('change', note)
    return { element, fields, disabled }
  }
}

/** Has the form send the fields that an element has for its rows, also while it has no rows. */
export function sendFields(owner: EngineOwner): void {
  const source = sourceOf(owner)
  if (source) FormLists.of(owner, [...fieldsIn(contentOf(source)).keys()])
}

function slotOf(id: string): string {
  return `fields-${id}`
}

/** What the page has put into the slot `fields`. */
function sourceOf(element: Element | undefined): HTMLElement | null | undefined {
  return element?.querySelector<HTMLElement>(':scope > [slot=fields]')
}

/** A template has its content apart, unless a framework has put it in as into any other element. */
function contentOf(source: HTMLElement): ParentNode {
  const { content } = source as HTMLTemplateElement
  return content?.hasChildNodes() ? content : source
}

function cloneOf(source: HTMLElement): HTMLElement {
  if (source.localName !== 'template') return source.cloneNode(true) as HTMLElement
  const element = document.createElement('div')
  if (source.className) element.className = source.className
  for (const node of contentOf(source).childNodes) element.append(document.importNode(node, true))
  return element
}

/** Makes the ids of a copy its own, and what refers to them. */
function ownIds(element: HTMLElement, id: string): void {
  const ids = new Set(Array.from(element.querySelectorAll('[id]'), (it) => it.id))
  for (const it of element.querySelectorAll('*')) {
    if (it.id) it.id = `${it.id}-${id}`
    for (const name of REFERENCES) {
      const value = it.getAttribute(name)
      if (!value) continue
      const own = value.split(/\s+/).map((each) => (ids.has(each) ? `${each}-${id}` : each))
      it.setAttribute(name, own.join(' '))
    }
  }
}

/** Keeps a control out of the form's data. Radio buttons need a name, or they are no group. */
function unname(control: HTMLElement, name: string, id: string): void {
  control.dataset.name = name
  control.removeAttribute('form')
  if (control.getAttribute('type') !== 'radio') control.removeAttribute('name')
  else {
    control.setAttribute('name', `${name}-${id}`)
    control.setAttribute('form', '')
  }
}
