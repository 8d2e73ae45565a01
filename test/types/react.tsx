import type { BucketUpload as Element } from 'bucket-upload'
import { BucketUpload, BucketUploadField, BucketUploadList } from 'bucket-upload/react'
import { useRef } from 'react'

export function Page() {
  const upload = useRef<Element>(null)
  return (
    <form onSubmit={() => upload.current?.start()}>
      <BucketUpload
        ref={upload}
        signer={async (requests) => requests.map(({ id }) => ({ id, url: 'https://example.com' }))}
        accept="image/*"
        maxSize="5MB"
        multiple
        className="wide"
        onFileUploaded={({ detail }) => console.log(detail.key, detail.name.length)}
        onFileFailed={({ detail }) => console.log(detail.code)}
        onChange={(event) => console.log(event.type)}
      >
        <ul slot="existing" />
      </BucketUpload>
      <BucketUploadField name="portrait" kind="avatar" />
      <BucketUploadList for="other" layout="grid" />
      {/* @ts-expect-error: it takes a size. */}
      <BucketUpload maxSize={{}} />
      {/* @ts-expect-error: what was uploaded cannot be set. */}
      <BucketUpload value={[]} />
      {/* @ts-expect-error: there is no such event. */}
      <BucketUpload onFileUpload={() => {}} />
    </form>
  )
}
