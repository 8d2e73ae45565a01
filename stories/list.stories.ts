import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import { UPLOAD_ERROR_CODES } from '../src/engine/api/error-codes.ts'
import { UploadError } from '../src/engine/index.ts'
import type { BucketUploadList } from '../src/index.ts'
import { button, press, shows, until } from './interact.ts'
import { hills } from './pictures.ts'
import { type Outcome, type StoryFile, stillEngine } from './still-engine.ts'

const DAY = 86_400

const meta: Meta<BucketUploadList> = {
  title: 'Elements/bucket-upload-list',
  id: 'bucket-upload-list',
  component: 'bucket-upload-list',
  args: { layout: 'list', links: 'full' },
  argTypes: { layout: { control: 'inline-radio', options: ['list', 'grid', 'gallery'] } },
}

export default meta

type Story = StoryObj<BucketUploadList>

/** The list, below the line for all files together. These stories need no network. */
const withFiles = (makeFiles: () => StoryFile[], args: Partial<BucketUploadList> = {}): Story => ({
  args,
  render: ({ layout, links }) => {
    const engine = stillEngine(makeFiles(), { retryFor: 0 })
    return html`
      <bucket-upload-progress .engine=${engine} .links=${links}></bucket-upload-progress>
      <bucket-upload-list .engine=${engine} .links=${links} layout=${layout}></bucket-upload-list>
    `
  },
})

const file = (name: string, type: string, size: number, outcome: Outcome): StoryFile => ({
  ...{ name, type, size, outcome },
})

const photo = (name: string, hue: number, outcome: Outcome = 'stored'): StoryFile => ({
  ...file(name, 'image/bmp', 2_400_000 + hue * 310_000, outcome),
  bytes: hills(hue),
  linkExpires: DAY,
})

const ALL_KINDS = (): StoryFile[] => [
  photo('Morning at the lake.bmp', 1),
  file('Interview with the lighthouse keeper, second take.mov', 'video/quicktime', 734e6, 'stored'),
  file('Waves.flac', 'audio/flac', 41_200_000, 'stored'),
  file('Agreement, signed.pdf', 'application/pdf', 220_400, 'stored'),
  file('Budget 2027.xlsx', '', 48_200, 'stored'),
  file('Everything.zip', 'application/zip', 1_930_000_000, 'stored'),
  file('Notes.txt', 'text/plain', 1_200, 'stored'),
  file('tides.dat', '', 96_000, 'stored'),
]

/** One file of each status: queued, uploading, paused, waiting, finalizing, processing, uploaded, failed, cancelled. */
const ALL_STATES = (): StoryFile[] => [
  file('Waiting its turn.txt', 'text/plain', 1_200, 0),
  photo('On its way.bmp', 2, 0.42),
  file('Paused.mov', 'video/quicktime', 734e6, 0.6),
  file('Waits by itself.zip', 'application/zip', 88e6, new UploadError('bucket-failed', '')),
  file('All bytes sent.pdf', 'application/pdf', 220_400, 1),
  file('Made into a stream.mp4', 'video/mp4', 120e6, { processed: 0.4 }),
  photo('Stored.bmp', 3),
  file('Failed.flac', 'audio/flac', 41_200_000, new UploadError('signature-mismatch', '')),
  file('Cancelled.dat', '', 96_000, 0.2),
]

const eachState = (layout: 'list' | 'grid' | 'gallery'): Story => ({
  args: { layout },
  render: (args) => {
    // The next story must not find the file that is processed.
    const engine = stillEngine(ALL_STATES(), { resume: false })
    engine.addEventListener('change', () => {
      for (const file of engine.files) {
        if (file.status !== 'uploading' || file.loaded === 0) continue
        if (file.name === 'Paused.mov') engine.pause(file.id)
        if (file.name === 'Cancelled.dat') engine.cancel(file.id)
      }
    })
    return html`<bucket-upload-list .engine=${engine} layout=${args.layout}></bucket-upload-list>`
  },
})

export const EachState: Story = eachState('list')

export const EachStateInAGrid: Story = eachState('grid')

export const EachStateInAGallery: Story = eachState('gallery')

/** The page checks the first one. The date of the second one changes, as in cloud drives on phones. */
export const BeforeTheyAreSent: Story = withFiles(() => [
  { ...file('Agreement.pdf', 'application/pdf', 220_400, 0), before: 'check' },
  {
    ...file('From a drive.mov', 'video/quicktime', 734e6, new UploadError('file-unreadable', '')),
    before: 'copy',
  },
  file('Waits its turn.txt', 'text/plain', 1_200, 0),
])

/** Nobody knows how long the first one gets: its size so far, and no percentage. */
export const Growing: Story = {
  render: ({ layout, links }) => {
    const engine = stillEngine([photo('Morning at the lake.bmp', 1)])
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(3_100_000)),
    })
    engine.add([{ stream, name: 'Recording.webm', type: 'video/webm' }])
    return html`
      <bucket-upload-progress .engine=${engine} .links=${links}></bucket-upload-progress>
      <bucket-upload-list .engine=${engine} .links=${links} layout=${layout}></bucket-upload-list>
    `
  },
}

export const OneFile: Story = withFiles(() => [photo('Morning at the lake.bmp', 1)])

export const FiveFiles: Story = withFiles(() => ALL_KINDS().slice(0, 5))

export const EachKind: Story = withFiles(ALL_KINDS)

export const EachKindInAGrid: Story = withFiles(ALL_KINDS, { layout: 'grid' })

const IMAGES = () =>
  Array.from({ length: 24 }, (_, number) =>
    photo(`Holiday ${number + 1}.bmp`, number, number === 22 ? 0.7 : number === 23 ? 0 : 'stored'),
  )

export const Images: Story = withFiles(IMAGES)

export const ImagesInAGrid: Story = withFiles(IMAGES, { layout: 'grid' })

/** Images that this browser cannot decode keep their icon. */
export const ImagesWithoutAPicture: Story = withFiles(() => [
  file('From a phone.heic', 'image/heic', 3_100_000, 'stored'),
  file('Broken.jpg', 'image/jpeg', 48_200, 'stored'),
  file('Drawing.svg', 'image/svg+xml', 2_100, 'stored'),
])

/** Speed and time left change at most four times a second. */
export const Moving: Story = withFiles(() => [
  file('Interview.mov', 'video/quicktime', 734e6, { speed: 8_100_000 }),
  photo('Panorama.bmp', 4, { speed: 40_000 }),
  file('Everything.zip', 'application/zip', 1.93e9, { speed: 1_200_000 }),
])

export const Links: Story = withFiles(links)

/** One button for each link, and no words until a link is about to end. */
export const LinksToCopy: Story = withFiles(links, { links: 'copy' })

function links(): StoryFile[] {
  return [
    { ...photo('Works for a day.bmp', 1), linkExpires: DAY },
    { ...photo('Works for three hours.bmp', 2), linkExpires: 3 * 3600 },
    { ...photo('Works for five minutes.bmp', 3), linkExpires: 300 },
    { ...photo('Has run out.bmp', 4), linkExpires: 1 },
  ]
}

const MANY = () =>
  Array.from({ length: 10_000 }, (_, number) => {
    const outcome = number < 3 ? 'stored' : number < 8 ? number / 10 : 0
    return number % 3 === 0
      ? photo(`IMG_${String(number).padStart(5, '0')}.bmp`, number % 9, outcome)
      : file(`Scan ${number}.pdf`, 'application/pdf', 220_400 + number, outcome)
  })

export const TenThousandFiles: Story = withFiles(MANY)

export const TenThousandFilesInAGrid: Story = withFiles(MANY, { layout: 'grid' })

const facts = { limit: 25_000_000, size: 48_200_000, accept: 'image/*,.pdf', said: '', status: 500 }

/** The sentence about each error. */
export const EachError: Story = {
  ...withFiles(() => [
    photo('Stored.bmp', 1),
    ...UPLOAD_ERROR_CODES.map((code) =>
      file(`${code}.pdf`, 'application/pdf', 220_400, new UploadError(code, '', facts)),
    ),
  ]),
}

const inOrder = (args: Partial<BucketUploadList>, count = 5): Story => ({
  args,
  render: ({ layout }) => {
    const engine = stillEngine(count > 8 ? MANY() : ALL_KINDS().slice(0, count))
    return html`<bucket-upload-list .engine=${engine} layout=${layout} reorder></bucket-upload-list>`
  },
})

/** People drag the handle, press the arrow keys on it, or use the buttons. */
export const InAnotherOrder: Story = inOrder({})

export const InAnotherOrderInAGrid: Story = inOrder({ layout: 'grid' })

export const InAnotherOrderInAGallery: Story = inOrder({ layout: 'gallery' })

export const TenThousandFilesInAnotherOrder: Story = inOrder({}, 10_000)

/** Where there is little room, and on tiles, the handle shows the buttons. */
export const ButtonsOfATile: Story = {
  ...inOrder({ layout: 'gallery' }),
  play: async ({ canvasElement }) => {
    await press(canvasElement, 'Move: Waves.flac')
    await until('buttons', () => button(canvasElement, 'Move toward the end: Waves.flac'))
  },
}

export const MovedByAButton: Story = {
  ...inOrder({}),
  play: async ({ canvasElement }) => {
    await press(canvasElement, 'Move: Waves.flac')
    await press(canvasElement, 'Move toward the start: Waves.flac')
    await shows(canvasElement, 'Waves.flac, 2 of 5')
  },
}

/** Fields of the page in each row. */
export const Captions: Story = {
  render: ({ layout }) => html`
    <bucket-upload-list .engine=${stillEngine(ALL_KINDS().slice(0, 3))} layout=${layout}>
      <template slot="fields">
        <label>Caption <input name="caption" style="min-height: 24px; max-width: 100%" /></label>
      </template>
    </bucket-upload-list>
  `,
}
