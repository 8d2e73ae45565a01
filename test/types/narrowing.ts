/** States and events narrow, so that a switch is checked. Compiled against the package as published. */
import type { FileSnapshot, UploadError, UploadedFile } from 'bucket-upload'
import { type BucketUpload, UploadEngine } from 'bucket-upload'
import 'bucket-upload/define'

export function describe(file: FileSnapshot): string {
  switch (file.status) {
    case 'queued':
    case 'cancelled':
      // @ts-expect-error: nothing was sent of it.
      return String(file.loaded)
    case 'uploading':
    case 'paused':
      return `${file.loaded} of ${file.size}`
    case 'waiting':
    case 'failed': {
      const error: UploadError = file.error
      return error.reason
    }
    case 'finalizing':
      return file.name
    case 'processing':
      return `${file.key} ${file.progress ?? 0}`
    case 'uploaded':
      return file.downloadUrl ?? file.url
    default: {
      const never: never = file
      return never
    }
  }
}

const element: BucketUpload = document.createElement('bucket-upload')
element.addEventListener('file-uploaded', ({ detail }) => {
  const file: UploadedFile = detail
  console.log(file.key?.toUpperCase(), file.downloadUrlExpiresAt?.getTime())
})
document.addEventListener('file-failed', ({ detail }) => {
  if (detail.code === 'too-large') console.log(detail.file.size)
  // @ts-expect-error: no code is called that.
  if (detail.code === 'to-large') console.log(detail.file.size)
})
element.maxSize = '5GB'
// @ts-expect-error: there are two.
element.variant = 'small'
new UploadEngine({ signer: '/sign' }).addEventListener('upload-progress', ({ detail }) => {
  console.log(detail.loaded / detail.total)
})
