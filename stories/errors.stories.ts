import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUpload } from '../src/index.ts'
import { errorEngine } from './error-engine.ts'

/**
 * Each error code, with the texts for people and for developers. These stories need no network.
 */
const meta: Meta<BucketUpload> = {
  title: 'Topics/Errors',
  id: 'errors',
  component: 'bucket-upload',
}

export default meta

type Story = StoryObj<BucketUpload>

const failed = (code: Parameters<typeof errorEngine>[0]): Story => ({
  render: () => {
    const { engine, error } = errorEngine(code)
    return html`
      <bucket-upload label="Attachments" multiple .engine=${engine}></bucket-upload>
      <p class="note"><code>${code}</code> ${error.hint}</p>
    `
  },
})

export const TooLarge: Story = failed('too-large')
export const TooSmall: Story = failed('too-small')
export const TypeNotAllowed: Story = failed('type-not-allowed')
export const TooManyFiles: Story = failed('too-many-files')
export const TotalTooLarge: Story = failed('total-too-large')
export const FileUnreadable: Story = failed('file-unreadable')
export const NotAccepted: Story = failed('not-accepted')
export const MetaTooLong: Story = failed('meta-too-long')
export const MetadataNotRemoved: Story = failed('metadata-not-removed')
export const FileNeeded: Story = failed('file-needed')
export const FileNotAllowed: Story = failed('file-not-allowed')
export const FileChanged: Story = failed('file-changed')
export const NotInterrupted: Story = failed('not-interrupted')
export const Offline: Story = failed('offline')
export const LibraryIncomplete: Story = failed('library-incomplete')
export const SignerMissing: Story = failed('signer-missing')
export const SignerUnreachable: Story = failed('signer-unreachable')
export const SignerTimeout: Story = failed('signer-timeout')
export const SignerFailed: Story = failed('signer-failed')
export const SignerAnswerInvalid: Story = failed('signer-answer-invalid')
export const SignerRefused: Story = failed('signer-refused')
export const Unauthorized: Story = failed('unauthorized')
export const Forbidden: Story = failed('forbidden')
export const OriginNotAllowed: Story = failed('origin-not-allowed')
export const RateLimited: Story = failed('rate-limited')
export const InvalidKey: Story = failed('invalid-key')
export const InvalidGrant: Story = failed('invalid-grant')
export const PartsNeeded: Story = failed('parts-needed')
export const PartsDiffer: Story = failed('parts-differ')
export const UploadGone: Story = failed('upload-gone')
export const UploadIncomplete: Story = failed('upload-incomplete')
export const ChecksumNeeded: Story = failed('checksum-needed')
export const UrlExpired: Story = failed('url-expired')
export const SignatureMismatch: Story = failed('signature-mismatch')
export const AccessDenied: Story = failed('access-denied')
export const BucketNotFound: Story = failed('bucket-not-found')
export const BucketRefused: Story = failed('bucket-refused')
export const BucketFailed: Story = failed('bucket-failed')
export const BucketUnreachable: Story = failed('bucket-unreachable')
export const CorsBlocked: Story = failed('cors-blocked')
export const Stalled: Story = failed('stalled')
export const Corrupted: Story = failed('corrupted')
export const ConnectionLost: Story = failed('connection-lost')
export const Unexpected: Story = failed('unexpected')
