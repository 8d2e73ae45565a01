/** A control with a value, of the platform or of a library that works like it. */
export type Control = HTMLElement & {
  value?: string
  type?: string
  checked?: boolean
  disabled?: boolean
  selectedOptions?: Iterable<HTMLOptionElement>
  options?: Iterable<HTMLOptionElement>
}

/** Controls by the name of their field: of radio buttons and checkboxes there can be several. */
export type Fields = Map<string, Control[]>

/** The controls in an element that have a name. */
export function fieldsIn(root: ParentNode): Fields {
  const fields: Fields = new Map()
  for (const control of root.querySelectorAll<Control>('[name]')) {
    // A <slot> or a <meta> has one, too.
    if (!('value' in control) || control.type === 'file') continue
    const name = control.getAttribute('name') ?? ''
    if (name) fields.set(name, [...(fields.get(name) ?? []), control])
  }
  return fields
}

/** The value of each field as one text; several are separated by commas, and none is an empty one. */
export function readFields(fields: Fields): Record<string, string> {
  const texts = [...fields].map(([name, controls]) => [name, controls.flatMap(valuesOf).join(',')])
  return Object.fromEntries(texts)
}

/** Writes the texts of those fields that have one. */
export function writeFields(fields: Fields, texts: Readonly<Record<string, string>>): void {
  for (const [name, controls] of fields) {
    const text = texts[name]
    if (text === undefined) continue
    const values = text.split(',')
    for (const control of controls) {
      if (isChoice(control)) control.checked = values.includes(control.value ?? '')
      else if (control.type === 'select-multiple') {
        for (const option of control.options ?? []) option.selected = values.includes(option.value)
      } else control.value = text
    }
  }
}

function valuesOf(control: Control): string[] {
  const { value = '', checked, type, selectedOptions } = control
  if (isChoice(control)) return checked ? [value] : []
  if (type === 'select-multiple') return Array.from(selectedOptions ?? [], (it) => it.value)
  return [value]
}

function isChoice({ type }: Control): boolean {
  return type === 'checkbox' || type === 'radio'
}
