import { html, type PropertyDeclarations, type TemplateResult } from 'lit'
import {
  type ExistingFile,
  ExistingFiles,
  existingIn,
  type RestoredFile,
} from '../base/existing-files.ts'
import { UploadElement } from '../base/upload-element.ts'
import { type FormValue, readState } from './form-entries.ts'
import { FormField } from './form-field.ts'

/** What the elements have in common that are fields of a form. */
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
    _isDisabledByForm: { state: true },
  }

  /** Under which name the form sends the files: one entry for each that was uploaded or is kept. */
  declare name: string | undefined
  /** Whether the form needs a file. */
  declare required: boolean
  /** Takes no files, and sends none. Uploads that run go on. A `<fieldset disabled>` does the same. */
  declare disabled: boolean
  /** Shows and sends the files; none can be added or removed. */
  declare readOnly: boolean
  /** What the form sends of a file: its `key` (default), its `url`, or both and more as `json`. */
  declare formValue: FormValue | undefined
  /** Under which name the form sends the keys of existing files that were removed. By default it doesn't. */
  declare removedName: string | undefined
  /** Lets the form's submit wait until the uploads are done, instead of refusing it. */
  declare holdSubmit: boolean
  /** Text above the field, which also names it for screen readers. A `<label for>` does so too. */
  declare label: string | undefined
  /** Text that says what may be uploaded. By default it is made of the restrictions. */
  declare hint: string | undefined

  declare private _isDisabledByForm: boolean

  readonly #internals = this.attachInternals()
  /** The files that were there before, and what is to become of them. For elements that show them. */
  readonly existingFiles = new ExistingFiles((isByHand) => this.#existingChanged(isByHand))
  readonly #field = new FormField(this, this.#internals, (key, values) =>
    this.localize.text(key, values),
  )
  #hasExisting = false

  constructor() {
    super()
    this.required = false
    this.disabled = false
    this.readOnly = false
    this.holdSubmit = false
    this._isDisabledByForm = false
    this.addEventListener('click', this.#labelClick)
  }

  /** The files that are in the bucket already. They are shown, and can be removed and kept after all. */
  get existing(): readonly ExistingFile[] {
    return this.existingFiles.given
  }

  set existing(files: readonly ExistingFile[] | undefined) {
    this.#hasExisting = files !== undefined
    this.existingFiles.given = files ?? []
  }

  /** The existing files that stay; also what was uploaded before the browser restored the page. */
  get kept(): readonly RestoredFile[] {
    return this.existingFiles.kept
  }

  /** The existing files that were removed. The server can delete them when it gets the form. */
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

  /** The name of the tag, as every form control has a type. */
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

  /** What is wrong with the value, as a sentence; empty if it is all right. */
  get validationMessage(): string {
    return this.#field.validationMessage
  }

  /** Whether the value is all right. Fires `invalid` if it isn't. */
  checkValidity(): boolean {
    return this.#field.checkValidity()
  }

  /** As `checkValidity`, and tells what is wrong to the one who fills in the form. */
  reportValidity(): boolean {
    return this.#field.reportValidity()
  }

  /** Says that something is wrong that the page has found out. An empty message takes it back. */
  setCustomValidity(message: string): void {
    this.#field.setCustomValidity(message)
  }

  /** Whether files cannot be added or removed now. */
  get isLocked(): boolean {
    return this.disabled || this.readOnly || this._isDisabledByForm
  }

  /** The most files that the form may get; `undefined` where there is no limit. */
  abstract get limit(): number | undefined

  /** What takes the focus, and what the browser's message about a wrong value points at. */
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

  /** @internal called by the browser */
  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#field.formChanged(form)
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
    // The file input's own event is not about the value.
    this.renderRoot.addEventListener('input', (event) => event.stopPropagation())
    if (document.readyState !== 'loading') return
    // A label may come further down in the page.
    document.addEventListener('DOMContentLoaded', () => this.requestUpdate(), { once: true })
  }

  /** What the field is called. */
  protected get accessibleName(): string {
    const labels = Array.from(this.labels ?? [], (label) => textBeside(label, this)).join(' ')
    return this.label || labels || this.localize.text('fileUpload')
  }

  /** What is wrong, once it is shown; else empty. It has the id `problem` in the template. */
  protected get problem(): string {
    return this.#field.problem
  }

  /** Where the page may name existing files in its markup. */
  protected existingSlot(): TemplateResult {
    return html`<slot name="existing" hidden @slotchange=${this.#readExisting}></slot>`
  }

  /** Shows what is wrong, after the first try to submit. */
  protected problemLine(): TemplateResult {
    const { problem } = this
    return html`<div class="problem" id="problem" part="problem" ?hidden=${!problem}>${problem}</div>`
  }

  /** Says that the form waits for the uploads. */
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
    // What a script has set goes before what is in the markup.
    if (this.#hasExisting) return
    this.existingFiles.given = existingIn((event.target as HTMLSlotElement).assignedElements())
  }

  /** A click on the element itself is one on its label. It must not take the focus from what is inside. */
  #labelClick = (event: Event): void => {
    if (event.composedPath()[0] === this && !this.matches(':focus-within')) this.focus()
  }
}

/** The text of a label, without that of the field if it is inside. */
function textBeside(label: Node, field: Node): string {
  const nodes = [...label.childNodes].filter((node) => !node.contains(field))
  return nodes
    .map((node) => node.textContent)
    .join('')
    .trim()
}
