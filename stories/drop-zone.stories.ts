import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadDropZone } from '../src/index.ts'
import { stillEngine } from './still-engine.ts'

/** These stories need no network: dropped files are not uploaded. */
const meta: Meta<BucketUploadDropZone> = {
  title: 'Elements/bucket-upload-drop-zone',
  id: 'bucket-upload-drop-zone',
  component: 'bucket-upload-drop-zone',
  args: { multiple: true, disabled: false, small: false, variant: undefined },
  render: (args) => html`<bucket-upload-drop-zone
    .accept=${args.accept}
    .hint=${args.hint}
    .variant=${args.variant}
    ?multiple=${args.multiple}
    ?directory=${args.directory}
    ?disabled=${args.disabled}
    ?small=${args.small}
    .engine=${stillEngine([], { manual: true, maxSize: 25_000_000, accept: 'image/*,.pdf' })}
  ></bucket-upload-drop-zone>`,
}

export default meta

type Story = StoryObj<BucketUploadDropZone>

export const Usual: Story = {}

export const Small: Story = { args: { small: true } }

export const Compact: Story = { args: { variant: 'compact' } }

export const Inline: Story = { args: { variant: 'inline' } }

export const Disabled: Story = { args: { disabled: true } }

/** Content of the page, instead of that of the zone. */
export const OwnContent: Story = {
  render: () => html`<bucket-upload-drop-zone .engine=${stillEngine([], { manual: true })}>
    <p>Drop the scans of your <b>receipts</b> here, or <button>choose them</button>.</p>
  </bucket-upload-drop-zone>`,
}
