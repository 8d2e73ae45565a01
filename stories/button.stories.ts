import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadButton } from '../src/index.ts'
import { stillEngine } from './still-engine.ts'

/** These stories need no network: picked files are not uploaded. */
const meta: Meta<BucketUploadButton> = {
  title: 'Elements/bucket-upload-button',
  id: 'bucket-upload-button',
  component: 'bucket-upload-button',
  args: { multiple: true, disabled: false },
  render: (args) => html`<bucket-upload-button
    .accept=${args.accept}
    ?multiple=${args.multiple}
    ?directory=${args.directory}
    ?disabled=${args.disabled}
    .engine=${stillEngine([], { manual: true })}
  ></bucket-upload-button>`,
}

export default meta

type Story = StoryObj<BucketUploadButton>

export const Usual: Story = {}

export const Folder: Story = { args: { directory: true } }

export const Disabled: Story = { args: { disabled: true } }

export const OwnText: Story = {
  render: () => html`<bucket-upload-button .engine=${stillEngine([], { manual: true })}
    >Add receipts</bucket-upload-button
  >`,
}
