import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUploadProgress } from '../src/index.ts'
import { film, photo, refused, report } from './files.ts'
import { type StoryFile, stillEngine } from './still-engine.ts'

/** These stories need no network: the engine stops at the state that the story shows. */
const meta: Meta<BucketUploadProgress> = {
  title: 'Elements/bucket-upload-progress',
  id: 'bucket-upload-progress',
  component: 'bucket-upload-progress',
}

export default meta

type Story = StoryObj<BucketUploadProgress>

const total = (files: StoryFile[], manual = false): Story => ({
  render: () => html`<bucket-upload-progress
    .engine=${stillEngine(files, { manual })}
  ></bucket-upload-progress>`,
})

export const Uploading: Story = total([photo('stored'), film(0.42), report(0)])

/** With `manual`: no upload has started. */
export const NotStarted: Story = total([photo(0), report(0)], true)

export const Done: Story = total([photo('stored'), report('stored')])

export const SomeFailed: Story = total([photo('stored'), report(refused)])
