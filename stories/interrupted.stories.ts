import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadInterrupted, InterruptedUpload } from '../src/index.ts'
import { interruptedEngine } from './still-engine.ts'

/** As after a reload. These stories need no network. */
const meta: Meta<BucketUploadInterrupted> = {
  title: 'Elements/bucket-upload-interrupted',
  id: 'bucket-upload-interrupted',
  component: 'bucket-upload-interrupted',
}

export default meta

type Story = StoryObj<BucketUploadInterrupted>

const interrupted = (uploads: InterruptedUpload[]): Story => ({
  render: () => html`<bucket-upload-interrupted
    .engine=${interruptedEngine(uploads)}
  ></bucket-upload-interrupted>`,
})

/** The browser has a handle to the file. */
export const OneClick: Story = interrupted([left('Morning at the lake.mp4', 0.43)])

export const ToBeChosenAgain: Story = interrupted([
  { ...left('backup.tar.zst', 0.9), needsFile: true },
])

export const Several: Story = interrupted([
  left('Interview with the lighthouse keeper, second take, uncut 2026-10-04.mov', 0.43),
  { ...left('backup.tar.zst', 0.9), needsFile: true },
  left('c.bin', 0.5),
  left('d.bin', 0.5),
])

function left(name: string, share: number): InterruptedUpload {
  const size = 2_100_000_000
  const about = { id: name, name, path: name, key: name, size, stored: size * share }
  return { ...about, needsFile: false, expiresAt: new Date() }
}
