import type { BucketUpload, InterruptedUpload, UploadEngine } from 'bucket-upload/define'

/** What an example begins with. */
export type Sample = 'files' | 'rejected' | 'interrupted' | 'existing'

const file = (name: string, type: string, size: number) =>
  new File([new Uint8Array(size)], name, { type })

const LEFT: InterruptedUpload = {
  ...{ id: 'tour', name: 'Tour of the tower.mov', path: 'Tour of the tower.mov', key: 'tour' },
  ...{ size: 2_100_000_000, stored: 900_000_000, needsFile: true, expiresAt: new Date() },
}

/** Puts files into an engine before it is shown, or into the element. */
export function prepare(sample: Sample, engine: UploadEngine, element: BucketUpload): void {
  switch (sample) {
    case 'files':
      engine.add([
        file('Morning at the lake.txt', 'text/plain', 900_000),
        file('Interview.mov', 'video/quicktime', 6_000_000),
        file('report.pdf', 'application/pdf', 2_400_000),
      ])
      break
    case 'rejected':
      engine.configure({ maxSize: 1_000_000 })
      engine.add([file('Panorama from the tower.jpg', 'image/jpeg', 2_000_000)])
      break
    case 'interrupted':
      Object.assign(engine, { interrupted: async () => [LEFT] })
      break
    case 'existing':
      element.existing = [
        { key: 'u/contract.pdf', name: 'contract.pdf', size: 220_400 },
        { key: 'u/minutes.docx', name: 'minutes.docx', size: 48_200 },
      ]
  }
}
