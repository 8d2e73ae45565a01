import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import { UploadError } from '../src/engine/index.ts'
import type { BucketUpload } from '../src/index.ts'
import { photo, report } from './files.ts'
import { button, find, press, shows, transfer, until } from './interact.ts'
import { type Outcome, type StoryFile, stillEngine } from './still-engine.ts'

/**
 * What people do with the widget, step by step: the panel *Interactions* plays it again. These stories need
 * no network.
 */
const meta: Meta = { title: 'Topics/Interactions', id: 'interactions', component: 'bucket-upload' }

export default meta

type Story = StoryObj

const widget = (files: StoryFile[], links?: BucketUpload['links']): Pick<Story, 'render'> => ({
  render: () => html`<bucket-upload
    label="Attachments"
    multiple
    .links=${links}
    .engine=${stillEngine(files)}
  ></bucket-upload>`,
})

const gone = new UploadError('upload-gone', 'report.pdf')

const notes = () => new File(['notes'], 'notes.txt', { type: 'text/plain' })

/** The file dialog is the browser's own; the story begins where it closes. */
export const Choose: Story = {
  ...widget([]),
  play: async ({ canvasElement, step }) => {
    await step('Choose notes.txt', async () => {
      const input = await until('a file input', () =>
        find<HTMLInputElement>(canvasElement, 'input[type=file]'),
      )
      input.files = transfer(notes()).files
      input.dispatchEvent(new Event('change', { bubbles: true, composed: true }))
    })
    await step('It is uploaded', () => shows(canvasElement, '1 file uploaded'))
  },
}

export const Drop: Story = {
  ...widget([]),
  play: async ({ canvasElement, step }) => {
    const zone = await until('a drop zone', () => find(canvasElement, '[part=drop-zone]'))
    const drag = (type: string) => {
      const dataTransfer = transfer(notes())
      zone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true }))
    }
    await step('Drag notes.txt over the zone', async () => {
      drag('dragenter')
      await shows(canvasElement, 'Drop to add')
    })
    await step('Drop it', async () => drag('drop'))
    await step('It is uploaded', () => shows(canvasElement, '1 file uploaded'))
  },
}

export const PauseAndResume: Story = {
  ...widget([report({ speed: 200_000 })]),
  play: async ({ canvasElement, step }) => {
    await step('Pause', async () => {
      await press(canvasElement, 'Pause: report.pdf')
      await shows(canvasElement, 'Paused')
    })
    await step('Resume', () => press(canvasElement, 'Resume: report.pdf'))
    await step('It is uploaded', () => shows(canvasElement, '1 file uploaded'))
  },
}

export const Retry: Story = {
  ...widget([report(inTurn(gone, 'stored'))]),
  play: async ({ canvasElement, step }) => {
    await step('It failed: try again', () => press(canvasElement, 'Try again: report.pdf'))
    await step('It is uploaded', () => shows(canvasElement, '1 file uploaded'))
  },
}

/** Buttons of the page, by the platform's invoker commands. Browsers without those do nothing here. */
export const ButtonsWithoutAScript: Story = {
  render: () => html`<bucket-upload
      id="by-command"
      label="Attachments"
      multiple
      .engine=${stillEngine([report('stored')], { manual: true })}
    ></bucket-upload>
    <p>
      <button type="button" command="--start" commandfor="by-command">Start</button>
      <button type="button" command="--clear" commandfor="by-command">Empty the list</button>
    </p>`,
  play: async ({ canvasElement, step }) => {
    if (!('commandForElement' in HTMLButtonElement.prototype)) return
    await step('Start', () => press(canvasElement, 'Start'))
    await step('It is uploaded', () => shows(canvasElement, '1 file uploaded'))
  },
}

/** The browser asks before the page is left: what was sent of this file would be lost. */
export const LeaveThePage: Story = {
  render: () => html`<bucket-upload
    label="Attachments"
    multiple
    .engine=${stillEngine([report(0.4)], { leaveWarning: 'on' })}
  ></bucket-upload>`,
  play: async ({ canvasElement, step }) => {
    const asks = () => {
      const leaving = new Event('beforeunload', { cancelable: true })
      return !window.dispatchEvent(leaving)
    }
    await step('It would ask', async () => void (await until('a question', asks)))
    await step('Pause: it would not', async () => {
      await press(canvasElement, 'Pause: report.pdf')
      await until('a page that can be left', () => !asks())
    })
  },
}

export const CopyTheLink: Story = {
  ...widget([photo('stored')], 'copy'),
  play: async ({ canvasElement, step }) => {
    const name = 'Morning at the lake.jpg'
    const copied = watchClipboard()
    await step('Copy the link', () => press(canvasElement, `Copy link: ${name}`))
    await step('It is on the clipboard', async () => {
      await until('a link', () => copied.texts.some((it) => it.startsWith('https://bucket.')))
      await until('a tick', () => button(canvasElement, `Copied: ${name}`))
    })
    copied.end()
  },
}

/** One outcome with each attempt. */
function inTurn(...outcomes: Outcome[]): () => Outcome {
  return () => (outcomes.length > 1 ? outcomes.shift() : outcomes[0]) ?? 'stored'
}

/** A page may write to the clipboard only after a click. */
function watchClipboard() {
  const texts: string[] = []
  const { clipboard } = navigator
  const own = clipboard.writeText
  clipboard.writeText = async (text) => void texts.push(text)
  const end = () => {
    clipboard.writeText = own
  }
  return { texts, end }
}
