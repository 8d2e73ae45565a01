import type { UploadedFile } from 'bucket-upload'
import { BucketUpload } from 'bucket-upload/react'
import { useState } from 'react'
import { sign } from './sign.ts'

export function App() {
  const [files, setFiles] = useState<UploadedFile[]>([])
  return (
    <main>
      <h1>bucket-upload in React</h1>
      <p>
        Files go straight from this page into the bucket. The page asks for the signatures itself,
        and sends a header along.
      </p>
      <BucketUpload
        signer={sign}
        label="Your files"
        maxSize="5GB"
        multiple
        onFileUploaded={({ detail }) => setFiles((before) => [...before, detail])}
      />
      <section aria-labelledby="links">
        <h2 id="links">Download links</h2>
        {files.length === 0 ? <p className="quiet">None yet.</p> : <Links files={files} />}
      </section>
    </main>
  )
}

function Links({ files }: { files: UploadedFile[] }) {
  return (
    <ul className="links">
      {files.map(({ id, name, downloadUrl }) => (
        <li key={id}>
          {/* A signer may give no link: then this is only the name. */}
          <a href={downloadUrl ?? undefined}>{name}</a>
        </li>
      ))}
    </ul>
  )
}
