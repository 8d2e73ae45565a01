import type { EngineOwner } from '../../base/engine-element.ts'

/** What a form field is, as far as this file uses it. */
interface FormOwner extends EngineOwner {
  readonly form?: HTMLFormElement | null
  readonly name?: string | undefined
  readonly formValue?: string | undefined
  readonly kept?: readonly { meta?: Readonly<Record<string, string>> | undefined }[]
  readonly value?: readonly { meta: Readonly<Record<string, string>> }[]
}

/** One for each field: lists of several elements can be bound to it. */
const lists = new WeakMap<EngineOwner, FormLists>()

/**
 * Sends the fields of the rows with the form: for each name as many entries as there are of the files, in their
 * order. With `form-value="json"` the entry of a file has them anyway.
 */
export class FormLists {
  readonly #owner: FormOwner
  #form: HTMLFormElement | null = null
  #names: readonly string[] = []

  private constructor(owner: FormOwner) {
    this.#owner = owner
  }

  /** @param names of the fields */
  static of(owner: EngineOwner, names: readonly string[]): void {
    const found = lists.get(owner) ?? new FormLists(owner)
    lists.set(owner, found)
    found.#names = names
    found.#watch(found.#owner.form ?? null)
  }

  /** The form can be another one with each update. */
  #watch(form: HTMLFormElement | null): void {
    if (form === this.#form) return
    this.#form?.removeEventListener('formdata', this.#send)
    form?.addEventListener('formdata', this.#send)
    this.#form = form
  }

  #send = ({ formData }: FormDataEvent): void => {
    const { form, name, formValue, kept = [], value = [] } = this.#owner
    const isSent = form === this.#form && name && !this.#owner.matches(':disabled')
    if (!isSent || formValue === 'json') return
    for (const { meta } of [...kept, ...value]) {
      for (const field of this.#names) formData.append(field, meta?.[field] ?? '')
    }
  }
}
