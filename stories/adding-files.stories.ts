import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUpload } from '../src/index.ts'
import { zipFolders } from '../src/index.ts'
import { drawn, transfer } from './interact.ts'
import { stillEngine } from './still-engine.ts'

const meta: Meta = { title: 'Topics/Adding files', id: 'adding-files', component: 'bucket-upload' }

export default meta

type Story = StoryObj

/** These stories need no network: files are not uploaded. */
const engine = () => stillEngine([], { manual: true })

const files = () =>
  transfer(
    new File(['x'], 'notes.txt', { type: 'text/plain' }),
    new File(['x'], 'image.png', { type: 'image/png' }),
  )

/** The dialog offers folders; folders can be dropped as well. */
export const Folder: Story = {
  render: () => html`<bucket-upload
    label="Holiday photos"
    directory
    manual
    .engine=${engine()}
  ></bucket-upload>`,
}

/** Each folder becomes one file, which is made while it is uploaded. If a file in it is lost, the row names it. */
export const FolderAsZip: Story = {
  render: () => html`<bucket-upload
    label="Project"
    directory
    zip
    .engine=${stillEngine([])}
  ></bucket-upload>`,
  play: async ({ canvasElement }) => {
    const element = canvasElement.querySelector('bucket-upload') as BucketUpload
    const file = new File(['x'], 'x')
    const paths = ['website/index.html', 'website/images/cat.png', 'drafts/notes.txt']
    const files = paths.map((path) => ({ file, path }))
    const lost = {
      file,
      path: 'drafts/2026/interview with a very long name.docx',
      isUnreadable: true,
    }
    element.add(await zipFolders([...files, lost]))
    await drawn()
  },
}

/** Drag files over the page. */
export const DropAnywhere: Story = {
  render: () => html`<bucket-upload
    label="Attachments"
    multiple
    drop-anywhere
    .engine=${engine()}
  ></bucket-upload>`,
}

/** While files are dragged over the page. It disappears when the drag ends. */
export const DraggingOverThePage: Story = {
  ...DropAnywhere,
  play: async () => {
    await drawn()
    const init = { bubbles: true, cancelable: true }
    document.body.dispatchEvent(new DragEvent('dragover', { ...init, dataTransfer: files() }))
  },
}

/** Copy files or a picture, and press Ctrl+V or ⌘V. */
export const PasteAnywhere: Story = {
  render: () => html`<bucket-upload
    label="Screenshots"
    multiple
    paste="page"
    .engine=${engine()}
  ></bucket-upload>`,
  play: async () => {
    await drawn()
    const init = { bubbles: true, cancelable: true }
    const clipboardData = files()
    document.body.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData }))
    await drawn()
  },
}

/** On phones the camera opens instead of the file dialog. */
export const Camera: Story = {
  render: () => html`<bucket-upload
    label="Receipt"
    accept="image/*"
    capture="environment"
    .engine=${engine()}
  ></bucket-upload>`,
}
