import type { BucketUpload, BucketUploadField } from '../../../src/index.ts'
import { find, until } from './helpers.ts'

/** Where the forms of the tests are sent: the entries are in the address. */
export const SENT = '/test/support/pages/form-sent.html'

type Realm = Window & typeof globalThis
type Field = BucketUpload | BucketUploadField

/** A page in a frame whose only script is the library: what it does, its markup does. */
export interface FormPage {
  readonly document: Document
  /** The element, from the page as it is now. */
  get<E extends Element = HTMLElement>(selector: string): E
  /** Picks files in a field's dialog. */
  pick(selector: string, ...files: [name: string, content: string, type?: string][]): void
  /** Waits until the page has gone on, and answers with what the form sent. */
  sent(): Promise<URLSearchParams>
  readonly window: Realm
}

/** Opens such a page. All are closed by {@link closePages}. */
export async function openPage(body: string): Promise<FormPage> {
  const frame = document.createElement('iframe')
  frame.className = 'form-page'
  frame.width = '600'
  frame.height = '400'
  frame.srcdoc = `<!doctype html><html lang="en"><title>Form</title>
<script type="module" src="/dist/cdn/bucket-upload.js"></script><body>${body}</body></html>`
  document.body.append(frame)
  const page = pageIn(frame)
  await ready(page)
  return page
}

/** Waits until a page and its elements are there. A page that goes on before that leaves no way back to it. */
export async function ready(page: FormPage): Promise<void> {
  await until(() => isComplete(page.window))
  await until(() =>
    page.document.querySelector('bucket-upload:defined, bucket-upload-field:defined'),
  )
  for (const field of page.document.querySelectorAll<Field>('bucket-upload, bucket-upload-field')) {
    await field.updateComplete
    await find<BucketUpload>(field, 'bucket-upload-drop-zone').updateComplete
  }
}

const isComplete = ({ document }: Realm) => document.readyState === 'complete'

export function closePages(): void {
  for (const frame of document.querySelectorAll('.form-page')) frame.remove()
}

function pageIn(frame: HTMLIFrameElement): FormPage {
  const realm = () => frame.contentWindow as Realm
  const page: FormPage = {
    get window() {
      return realm()
    },
    get document() {
      return realm().document
    },
    get(selector) {
      const found = realm().document.querySelector(selector)
      if (!found) throw new Error(`There is no ${selector}.`)
      return found as never
    },
    pick(selector, ...files) {
      const { DataTransfer, Event, File } = realm()
      const chosen = new DataTransfer()
      for (const [name, content, type = 'text/plain'] of files) {
        chosen.items.add(new File([content], name, { type }))
      }
      const input = find<HTMLInputElement>(page.get(selector), 'input')
      input.files = chosen.files
      input.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
      input.dispatchEvent(new Event('change', { bubbles: true }))
    },
    async sent() {
      await until(() => realm().location.pathname === SENT && isComplete(realm()))
      return new URLSearchParams(realm().location.search)
    },
  }
  return page
}
