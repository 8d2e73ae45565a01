/** The field whose uploads a submit waits for. */
export interface SubmitHolder {
  /** Whether a submit has to wait now. Also starts and resumes uploads. */
  mustHold(): boolean
  /** Whether this field is valid. Shows what is wrong if it is not. */
  reportValidity(): boolean
  /** Called when a submit starts to wait, and when it stops waiting. */
  heldChanged(): void
}

/** Holds the submit of a form until the uploads are done. */
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

  /** Watches this form from now on, and no other. */
  watch(form: HTMLFormElement | null): void {
    // Captures, to run before listeners of the page: they might send an incomplete form.
    this.#form?.removeEventListener('submit', this.#submit, { capture: true })
    form?.addEventListener('submit', this.#submit, { capture: true })
    this.#form = form
    this.drop()
  }

  /** Forgets the submit that waits: sending it later would be a surprise. */
  drop(): void {
    this.#set(false)
    this.#submitter = null
  }

  /** Submits the form if a submit waits. */
  release(): void {
    const [form, submitter] = [this.#form, this.#submitter as HTMLButtonElement | null]
    const wasHeld = this.#isHeld
    this.drop()
    if (!wasHeld || !form || !this.#holder.reportValidity()) return
    // The button may have left the form in the meantime.
    form.requestSubmit(submitter?.form === form ? submitter : null)
  }

  #submit = (event: SubmitEvent): void => {
    const submitter = event.submitter as HTMLButtonElement | null
    // A submit that only closes a dialog sends nothing.
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
