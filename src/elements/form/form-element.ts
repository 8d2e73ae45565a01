import { html, type PropertyDeclarations, type TemplateResult } from 'lit'
import {
  type ExistingFile,
  ExistingFiles,
  existingIn,
  type RestoredFile,
} from '../base/existing-files.ts'
import { UploadElement } from '../base/upload-element.ts'
import { viewsSettled } from '../lazy/lazy-module.ts'
import { type FormValue, readState } from './form-entries.ts'
import { FormField } from './form-field.ts'

/** Reflected properties that a form looks at. */
const OF_THE_FORM = ['name', 'required', 'disabled', 'readOnly'] as const

/** Base class of the elements that are form fields. */
export abstract class FormElement extends UploadElement {
  static readonly formAssociated = true

  static override properties: PropertyDeclarations = {
    name: { reflect: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean, reflect: true },
    readOnly: { attribute: 'readonly', type: Boolean, reflect: true },
    formValue: { attribute: 'form-value' },
    removedName: { attribute: 'removed-name' },
    holdSubmit: { attribute: 'hold-submit', type: Boolean },
    label: {},
    hint: {},
    // It has an accessor below. Lit keeps what was set before the tag was defined.
    existing: { attribute: false, noAccessor: true },
    _isDisabledByForm: { state: true },
  }

  /** Name in the form data. There is one entry for each file that was uploaded or is kept. */
  declare name: string | undefined
  /** Whether the form needs a file. */
  declare required: boolean
  /** Whether it takes and sends no files. Running uploads continue. `<fieldset disabled>` does the same. */
  declare disabled: boolean
  /** Whether it shows and sends the files, but none can be added or removed. */
  declare readOnly: boolean
  /**
   * What the form sends for a file: its `key`, its `url`, the signer's `receipt`, or key, name, size, type and
   * ETag as `json`.
   *
   * @default 'key'
   */
  declare formValue: FormValue | undefined
  /** Name under which the form sends the keys of removed existing files. Without it they are not sent. */
  declare removedName: string | undefined
  /** Whether the submit of the form waits for the uploads, instead of being invalid until they are done. */
  declare holdSubmit: boolean
  /** Text above the field, and its name for screen readers. A `<label for>` works as well. */
  declare label: string | undefined
  /** Text that says which files can be uploaded. By default it follows from the restrictions. */
  declare hint: string | undefined

  declare private _isDisabledByForm: boolean

  readonly #internals = this.attachInternals()
  /** The existing files, for the elements that show them. */
  readonly existingFiles = new ExistingFiles((isByHand) => this.#existingChanged(isByHand))
  readonly #field = new FormField(this, this.#internals, (key, values) =>
    this.localize.text(key, values),
  )
  #hasExisting = false
  #isBuilt = false

  constructor() {
    super()
    this.required = false
    this.disabled = false
    this.readOnly = false
    this.holdSubmit = false
    this._isDisabledByForm = false
    this.#isBuilt = true
    this.addEventListener('click', this.#labelClick)
  }

  /** The files that are in the bucket already. They are shown, and people can remove them. */
  get existing(): readonly ExistingFile[] {
    return this.existingFiles.given
  }

  set existing(files: readonly ExistingFile[] | undefined) {
    this.#hasExisting = files !== undefined
    this.existingFiles.given = files ?? []
  }

  /** The existing files that stay, and files that were uploaded before the browser restored the page. */
  get kept(): readonly RestoredFile[] {
    return this.existingFiles.kept
  }

  /** The existing files that were removed. The server can delete them once it gets the form. */
  get removed(): readonly ExistingFile[] {
    return this.existingFiles.removed
  }

  /** The form that this field is in. */
  get form(): HTMLFormElement | null {
    return this.#internals.form
  }

  /** The labels that are bound to this field. */
  get labels(): NodeList {
    return this.#internals.labels
  }

  /** The name of the tag. Every form control has a type. */
  get type(): string {
    return this.localName
  }

  /** Whether the browser checks this field: not when it is disabled or read-only. */
  get willValidate(): boolean {
    return this.#internals.willValidate
  }

  /** What is wrong with the value. */
  get validity(): ValidityState {
    return this.#field.validity
  }

  /** What is wrong with the value, as a sentence; empty if it is valid. */
  get validationMessage(): string {
    return this.#field.validationMessage
  }

  /** Whether the value is valid. Fires `invalid` if it is not. */
  checkValidity(): boolean {
    return this.#field.checkValidity()
  }

  /** As `checkValidity`, and shows what is wrong. */
  reportValidity(): boolean {
    return this.#field.reportValidity()
  }

  /** Marks the value as invalid, with a message of the page. An empty message clears that. */
  setCustomValidity(message: string): void {
    this.#field.setCustomValidity(message)
  }

  /** Whether files cannot be added or removed now. */
  get isLocked(): boolean {
    return this.disabled || this.readOnly || this._isDisabledByForm
  }

  /** Largest number of files in the form; `undefined` without a limit. */
  abstract get limit(): number | undefined

  /** The element that gets the focus, and that the browser's message points at. */
  abstract get anchor(): HTMLElement | undefined

  /** Focuses the button that opens the file dialog. */
  override focus(options?: FocusOptions): void {
    this.anchor?.focus(options)
  }

  override remove(id?: string): void {
    super.remove(id)
    if (id !== undefined) this.#field.sync()
  }

  override clear(): void {
    super.clear()
    this.#field.sync()
  }

  /** A form knows a property before the next statement, as that of a native control, not with the next update. */
  override requestUpdate(...change: Parameters<UploadElement['requestUpdate']>): void {
    super.requestUpdate(...change)
    const name = OF_THE_FORM.find((it) => it === change[0])
    // While an element is created, its attributes are the page's.
    if (!name || !this.#isBuilt || this[name] === change[1]) return
    const [attribute, value] = [name.toLowerCase(), this[name]]
    if (typeof value === 'string') this.setAttribute(attribute, value)
    else this.toggleAttribute(attribute, Boolean(value))
    this.#field.sync({ isQuiet: true })
  }

  /** @internal called by the browser */
  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#field.formChanged(form)
    this.#field.sync({ isQuiet: true })
  }

  /** @internal called by the browser */
  formDisabledCallback(isDisabled: boolean): void {
    this._isDisabledByForm = isDisabled
  }

  /** @internal called by the browser */
  formResetCallback(): void {
    this.#restart()
  }

  /** @internal called by the browser */
  formStateRestoreCallback(state: unknown, reason: string): void {
    if (reason === 'autocomplete') return
    const { uploaded, removed } = readState(state)
    this.#restart(uploaded, removed)
  }

  protected override notice(event: CustomEvent): void {
    super.notice(event)
    this.#field.notice(event)
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed)
    if (changed.size > 0) this.#field.sync({ isQuiet: true })
  }

  protected override firstUpdated(): void {
    // The event of the file input inside is not about the value.
    this.renderRoot.addEventListener('input', (event) => event.stopPropagation())
    if (document.readyState !== 'loading') return
    // A label may come later in the page.
    document.addEventListener('DOMContentLoaded', () => this.requestUpdate(), { once: true })
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await viewsSettled()
    return super.getUpdateComplete()
  }

  /** The name for screen readers. */
  protected get accessibleName(): string {
    const labels = Array.from(this.labels ?? [], (label) => textBeside(label, this)).join(' ')
    return this.label || labels || this.localize.text('fileUpload')
  }

  /** What is wrong, once it is shown; else empty. It has the id `problem` in the template. */
  protected get problem(): string {
    return this.#field.problem
  }

  /** The slot for existing files in the markup. */
  protected existingSlot(): TemplateResult {
    return html`<slot name="existing" hidden @slotchange=${this.#readExisting}></slot>`
  }

  /** Shows what is wrong, after the first try to submit. */
  protected problemLine(): TemplateResult {
    const { problem } = this
    return html`<div class="problem" id="problem" part="problem" ?hidden=${!problem}>${problem}</div>`
  }

  /** Shows that the form waits for the uploads. */
  protected heldLine(): TemplateResult {
    const { isHeld } = this.#field
    return html`<div class=${isHeld ? 'held' : 'visually-hidden'} part="held" role="status">
      ${isHeld ? this.localize.text('submitHeld') : ''}
    </div>`
  }

  #restart(uploaded?: RestoredFile[], removed?: string[]): void {
    this.#field.reset(() => {
      this.clear()
      this.existingFiles.reset(uploaded, removed)
    })
  }

  #existingChanged(isByHand: boolean): void {
    this.dispatchEvent(new Event('owner-change'))
    this.requestUpdate()
    this.#field.sync({ isQuiet: !isByHand })
  }

  #readExisting = (event: Event): void => {
    // Files set by a script replace those in the markup.
    if (this.#hasExisting) return
    this.existingFiles.given = existingIn((event.target as HTMLSlotElement).assignedElements())
  }

  /** A click on a label arrives as a click on the element. It must not take the focus from elements inside. */
  #labelClick = (event: Event): void => {
    if (event.composedPath()[0] === this && !this.matches(':focus-within')) this.focus()
  }
}

/** The text of a label, without that of the field if the field is inside. */
function textBeside(label: Node, field: Node): string {
  const nodes = [...label.childNodes].filter((node) => !node.contains(field))
  return nodes
    .map((node) => node.textContent)
    .join('')
    .trim()
}
