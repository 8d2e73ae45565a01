import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadField } from '../src/index.ts'
import { film, refused, report } from './files.ts'
import { until } from './interact.ts'
import { hills } from './pictures.ts'
import { type StoryFile, stillEngine } from './still-engine.ts'

/** A field for one file. *forms* shows it in a form. These stories need no network. */
const meta: Meta<BucketUploadField> = {
  title: 'Elements/bucket-upload-field',
  id: 'bucket-upload-field',
  component: 'bucket-upload-field',
  args: { label: 'Contract', kind: 'document', disabled: false },
}

export default meta

type Story = StoryObj<BucketUploadField>

const field = (files: StoryFile[], args: Story['args'] = {}): Story => ({
  args,
  render: ({ label, hint, accept, kind, disabled, readOnly, required }) => html`<bucket-upload-field
    .label=${label}
    .hint=${hint}
    .accept=${accept}
    .kind=${kind}
    ?disabled=${disabled}
    ?readonly=${readOnly}
    ?required=${required}
    .engine=${stillEngine(files)}
  ></bucket-upload-field>`,
})

export const Empty: Story = field([])

export const Avatar: Story = field([], { label: 'Portrait', kind: 'avatar' })

/** A photo was chosen, and people choose its part. */
export const CropAPhoto: Story = {
  args: { label: 'Portrait' },
  render: ({ label }) => html`<bucket-upload-field
    crop
    kind="avatar"
    accept="image/*"
    .label=${label}
    .engine=${stillEngine([])}
  ></bucket-upload-field>`,
  play: async ({ canvasElement }) => {
    const photo = new File([hills(3)], 'Morning at the lake.bmp', { type: 'image/bmp' })
    canvasElement.querySelector('bucket-upload-field')?.add([photo])
    await until('a dialog', () =>
      canvasElement.querySelector('bucket-upload-field')?.shadowRoot?.querySelector('dialog[open]'),
    )
  },
}

export const Uploading: Story = field([film(0.42)])

export const Uploaded: Story = field([report('stored')])

export const Failed: Story = field([report(refused)])

export const Rejected: Story = {
  ...field([]),
  args: { accept: 'image/*' },
  render: ({ label, accept }) => html`<bucket-upload-field
    .label=${label}
    .accept=${accept}
  ></bucket-upload-field>`,
  play: ({ canvasElement }) => {
    const notes = new File(['notes'], 'notes.txt', { type: 'text/plain' })
    canvasElement.querySelector('bucket-upload-field')?.add([notes])
  },
}

export const Disabled: Story = field([], { disabled: true })
