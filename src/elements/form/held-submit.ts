/** The field that a submit waits for. */
export interface SubmitHolder {
  /** Whether a submit has to wait now. Lets go on what stands still. */
  mustHold(): boolean
  /** Whether the form may be sent as far as this field goes; otherwise says why not. */
  reportValidity(): boolean
  /** Told when a submit begins to wait, and when it waits no longer. */
  heldChanged(): void
}

/** Lets the submit of a form wait until the uploads are done. */
export class HeldSubmit {
  readonly #holder: SubmitHolder
  #form: HTMLFormElement | null = null
  #submitter: HTMLElement | null = null
  #isHeld = false

  constructor(holder: SubmitHolder) {
    this.#holder = holder
  }

  get isHeld(): boolean {
    return this.#isHeld
  }

  /** Watches that form from now on, and no other. */
  watch(form: HTMLFormElement | null): void {
    // Before all that the page does with a submit: it would send what is not complete.
    this.#form?.removeEventListener('submit', this.#submit, { capture: true })
    form?.addEventListener('submit', this.#submit, { capture: true })
    this.#form = form
    this.drop()
  }

  /** Forgets the submit that waits: it would come as a surprise. */
  drop(): void {
    this.#set(false)
    this.#submitter = null
  }

  /** Submits the form, if it waits for that. */
  release(): void {
    const [form, submitter] = [this.#form, this.#submitter as HTMLButtonElement | null]
    const wasHeld = this.#isHeld
    this.drop()
    if (!wasHeld || !form || !this.#holder.reportValidity()) return
    // The button may be gone in the meantime.
    form.requestSubmit(submitter?.form === form ? submitter : null)
  }

  #submit = (event: SubmitEvent): void => {
    const submitter = event.submitter as HTMLButtonElement | null
    // Closing a dialog sends nothing.
    const method = submitter?.getAttribute('formmethod') ?? this.#form?.getAttribute('method')
    const isDialog = method?.toLowerCase() === 'dialog'
    if (event.target !== this.#form || isDialog || !this.#holder.mustHold()) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#submitter = submitter
    this.#set(true)
  }

  #set(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return
    this.#isHeld = isHeld
    this.#holder.heldChanged()
  }
}
