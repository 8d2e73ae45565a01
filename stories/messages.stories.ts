import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadMessages } from '../src/index.ts'
import { stillEngine } from './still-engine.ts'

/**
 * Announcements are for screen readers and not visible. These stories need no network.
 */
const meta: Meta<BucketUploadMessages> = {
  title: 'Elements/bucket-upload-messages',
  id: 'bucket-upload-messages',
  component: 'bucket-upload-messages',
}

export default meta

type Story = StoryObj<BucketUploadMessages>

const rejected = (names: string[]): Story => ({
  render: () => {
    const engine = stillEngine([], { accept: 'image/*', manual: true })
    engine.add(names.map((name) => ({ file: new File(['x'], name, { type: 'text/plain' }) })))
    return html`<bucket-upload-messages .engine=${engine}></bucket-upload-messages>`
  },
})

export const OneRejected: Story = rejected(['notes.txt'])

export const ManyRejected: Story = rejected([
  'notes.txt',
  'Minutes of the meeting with the lighthouse keeper, second take 2026-10-04.txt',
  'c.txt',
  'd.txt',
  'e.txt',
])
