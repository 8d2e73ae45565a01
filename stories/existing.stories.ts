import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadExisting } from '../src/index.ts'

/** It shows the existing files of the field that `for` names. These stories need no network. */
const meta: Meta<BucketUploadExisting> = {
  title: 'Elements/bucket-upload-existing',
  id: 'bucket-upload-existing',
  component: 'bucket-upload-existing',
}

export default meta

type Story = StoryObj<BucketUploadExisting>

const FILES = [
  { key: 'u/contract.pdf', name: 'contract.pdf', size: 220_400, url: '/contract.pdf' },
  {
    key: 'u/minutes.docx',
    name: 'Minutes of the meeting with the lighthouse keeper, second take 2026-10-04.docx',
    size: 48_200,
  },
]

const existing = (isReadOnly: boolean): Story => ({
  render: () => html`<bucket-upload label="Papers" ?readonly=${isReadOnly} .existing=${FILES}>
    <bucket-upload-existing></bucket-upload-existing>
  </bucket-upload>`,
})

export const Usual: Story = existing(false)

export const ReadOnly: Story = existing(true)

export const OneRemoved: Story = {
  ...existing(false),
  play: async ({ canvasElement }) => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const list = canvasElement.querySelector('bucket-upload-existing')
    list?.renderRoot.querySelector<HTMLElement>('[part=toggle-button]')?.click()
  },
}
