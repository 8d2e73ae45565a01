import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html, type TemplateResult } from 'lit'
import type { BucketUploadField, ExistingFile } from '../src/index.ts'
import { button, drawn } from './interact.ts'
import { type StoryFile, stillEngine } from './still-engine.ts'

const meta: Meta = { title: 'Topics/Forms', id: 'forms', component: 'bucket-upload-field' }

export default meta

type Story = StoryObj

const PORTRAIT =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"%3E%3Cpath fill="%237aa2d6" d="M0 0h80v80H0z"/%3E%3Ccircle cx="40" cy="32" r="16" fill="%23f2d6bd"/%3E%3Cpath fill="%23344a72" d="M8 80a32 28 0 0 1 64 0z"/%3E%3C/svg%3E'

const existing: ExistingFile[] = [
  { key: 'u/contract.pdf', name: 'contract.pdf', size: 220_400, url: '/contract.pdf' },
  {
    key: 'u/minutes.docx',
    name: 'Minutes of the meeting with the lighthouse keeper, second take 2026-10-04.docx',
    size: 48_200,
    url: '/minutes.docx',
  },
  { key: 'u/notes.txt', name: 'notes.txt', size: 900 },
]

const report = (outcome: StoryFile['outcome']): StoryFile => ({
  name: 'report.pdf',
  type: 'application/pdf',
  size: 4_812_000,
  outcome,
})

/** A form that shows what it would send, instead of sending it. These stories need no network. */
function form(fields: TemplateResult): TemplateResult {
  const show = (event: SubmitEvent) => {
    event.preventDefault()
    const target = event.target as HTMLFormElement
    const output = target.querySelector('output') as HTMLOutputElement
    output.value = [...new FormData(target)].map((entry) => entry.join(' = ')).join('\n')
  }
  return html`<form @submit=${show}>
    ${fields}
    <p><button>Send</button> <button type="reset">Reset</button></p>
    <output aria-label="What the form sends"></output>
  </form>`
}

const send = (canvas: HTMLElement) => canvas.querySelector('form')?.requestSubmit()

export const PlainForm: Story = {
  render: () =>
    form(html`
      <label for="title">Title</label>
      <input id="title" name="title" value="Annual report" />
      <label for="papers">Papers</label>
      <bucket-upload
        id="papers"
        name="papers"
        multiple
        .engine=${stillEngine([report('stored')])}
      ></bucket-upload>
      <bucket-upload-field
        label="Cover"
        name="cover"
        accept="image/*"
        max-size="5MB"
      ></bucket-upload-field>
    `),
}

export const RequiredAndMissing: Story = {
  render: () =>
    form(html`
      <bucket-upload label="Papers" name="papers" required multiple></bucket-upload>
      <bucket-upload-field label="Cover" name="cover" required></bucket-upload-field>
    `),
  play: async ({ canvasElement }) => {
    await drawn()
    send(canvasElement)
  },
}

export const StillUploading: Story = {
  render: () =>
    form(html`<bucket-upload
      label="Papers"
      name="papers"
      multiple
      .engine=${stillEngine([report(0.42)])}
    ></bucket-upload>`),
  play: RequiredAndMissing.play as NonNullable<Story['play']>,
}

export const HoldSubmit: Story = {
  render: () =>
    form(html`<bucket-upload
      label="Papers"
      name="papers"
      hold-submit
      multiple
      .engine=${stillEngine([report(0.42)])}
    ></bucket-upload>`),
  play: RequiredAndMissing.play as NonNullable<Story['play']>,
}

export const ExistingFiles: Story = {
  render: () =>
    form(html`<bucket-upload
      label="Papers"
      name="papers"
      removed-name="removed"
      multiple
      .existing=${existing}
      .engine=${stillEngine([report('stored')])}
    ></bucket-upload>`),
  play: async ({ canvasElement }) => {
    await drawn()
    button(canvasElement, 'Remove: contract.pdf')?.click()
  },
}

export const ReadOnly: Story = {
  render: () =>
    form(html`
      <bucket-upload label="Papers" name="papers" readonly .existing=${existing}></bucket-upload>
      <bucket-upload-field
        label="Portrait"
        kind="avatar"
        readonly
        .existing=${[{ key: 'u/me', name: 'me.svg', url: PORTRAIT }]}
      ></bucket-upload-field>
    `),
}

export const DisabledFieldset: Story = {
  render: () =>
    form(html`<fieldset disabled>
      <legend>Attachments</legend>
      <bucket-upload label="Papers" name="papers" .existing=${existing.slice(0, 1)}></bucket-upload>
      <bucket-upload-field label="Cover" name="cover"></bucket-upload-field>
    </fieldset>`),
}

export const Avatar: Story = {
  render: () =>
    form(html`
      <bucket-upload-field
        label="Portrait"
        name="portrait"
        kind="avatar"
        accept="image/*"
        max-size="5MB"
      ></bucket-upload-field>
      <bucket-upload-field
        label="There already"
        name="portrait"
        kind="avatar"
        .existing=${[{ key: 'u/me', name: 'me.svg', size: 2_100, url: PORTRAIT }]}
      ></bucket-upload-field>
      <bucket-upload-field
        class="new"
        label="Just uploaded"
        name="portrait"
        kind="avatar"
        .engine=${stillEngine([])}
      ></bucket-upload-field>
    `),
  play: async ({ canvasElement }) => {
    canvasElement.querySelector<BucketUploadField>('.new')?.add([await sunset()])
    await drawn()
  },
}

export const Documents: Story = {
  render: () =>
    form(html`
      <bucket-upload-field
        label="Contract"
        name="contract"
        accept=".pdf"
        max-size="10MB"
      ></bucket-upload-field>
      <bucket-upload-field
        label="Contract, there already"
        name="contract"
        .existing=${existing.slice(1, 2)}
      ></bucket-upload-field>
      <bucket-upload-field
        class="removed"
        label="Contract, removed"
        name="contract"
        .existing=${existing.slice(0, 1)}
      ></bucket-upload-field>
      <bucket-upload-field
        label="Contract, in progress"
        name="contract"
        .engine=${stillEngine([report(0.42)])}
      ></bucket-upload-field>
      <bucket-upload-field
        label="Contract, failed"
        name="contract"
        .engine=${stillEngine([
          report({ status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' }),
        ])}
      ></bucket-upload-field>
      <bucket-upload-field
        label="Contract, uploaded"
        name="contract"
        .engine=${stillEngine([report('stored')])}
      ></bucket-upload-field>
    `),
  play: async ({ canvasElement }) => {
    await drawn()
    button(canvasElement, 'Remove: contract.pdf')?.click()
    await drawn()
  },
}

/** A picture for the existing file. */
async function sunset(): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 300
  canvas.height = 200
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  const sky = context.createLinearGradient(0, 0, 0, 200)
  sky.addColorStop(0, '#3b3a7a')
  sky.addColorStop(1, '#f7a35c')
  context.fillStyle = sky
  context.fillRect(0, 0, 300, 200)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  return new File([blob as Blob], 'Morning at the lake.png', { type: 'image/png' })
}
