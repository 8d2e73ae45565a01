import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUpload, InterruptedUpload } from '../src/index.ts'
import { film, photo, refused, report } from './files.ts'
import { interruptedEngine, type StoryFile, stillEngine } from './still-engine.ts'

const meta: Meta<BucketUpload> = {
  title: 'Elements/bucket-upload',
  id: 'bucket-upload',
  component: 'bucket-upload',
  args: { label: 'Attachments', multiple: true, disabled: false, maxSize: '5GB' },
}

export default meta

type Story = StoryObj<BucketUpload>

/** These stories need no network: the engine stops at the state that the story shows. */
const withFiles = (files: StoryFile[]): Story => ({
  render: (args) => html`
    <bucket-upload
      .label=${args.label}
      .hint=${args.hint}
      .accept=${args.accept}
      .maxSize=${args.maxSize}
      .variant=${args.variant}
      .links=${args.links}
      .details=${args.details}
      ?multiple=${args.multiple}
      ?disabled=${args.disabled}
      .engine=${stillEngine(files)}
    ></bucket-upload>
  `,
})

export const Empty: Story = withFiles([])

export const OneFile: Story = {
  ...withFiles([]),
  args: { label: 'Your CV', multiple: false, accept: '.pdf,.docx', maxSize: '10MB' },
}

export const Dragging: Story = {
  ...withFiles([]),
  play: ({ canvasElement }) => dragOver(canvasElement),
}

export const Uploading: Story = withFiles([photo('stored'), film(0.42), photo(1), report(0)])

export const Paused: Story = {
  ...withFiles([film(0.42)]),
  play: ({ canvasElement }) => {
    const upload = canvasElement.querySelector('bucket-upload')
    upload?.engine.addEventListener('change', () => {
      if (upload.engine.progress.loaded > 0) upload.pause()
    })
  },
}

export const Waiting: Story = withFiles([
  photo('stored'),
  film({ status: 503, body: '<Error><Code>SlowDown</Code></Error>' }),
])

export const Done: Story = withFiles([photo('stored'), film('stored'), report('stored')])

/** For sites that hand out links. */
export const DoneWithLinks: Story = {
  ...withFiles([photo('stored'), film('stored'), report('stored')]),
  args: { links: 'full' },
}

export const FullDetails: Story = {
  ...withFiles([photo('stored'), film(0.42), report(0)]),
  args: { details: 'full' },
}

/** For photo prints, listings and albums. */
export const Gallery: Story = {
  ...withFiles([photo('stored'), photo(0.6), film(0.42), report(refused)]),
  args: { variant: 'gallery' },
}

/** For pages where work goes on during an upload. It is in the corner below. */
export const Tray: Story = {
  ...withFiles([photo('stored'), photo(0.6), film(0.42)]),
  args: { variant: 'tray' },
}

/** With a limit of one, the file replaces the drop zone, and the next file replaces the first. */
export const OneFileUploaded: Story = {
  ...withFiles([report('stored')]),
  args: { label: 'Your CV', multiple: false },
}

export const DraggingOverFiles: Story = {
  ...withFiles([photo('stored'), report('stored')]),
  play: async ({ canvasElement }) => {
    const upload = canvasElement.querySelector('bucket-upload')
    await upload?.updateComplete
    dragOver(canvasElement)
  },
}

export const Failed: Story = withFiles([
  photo('stored'),
  report({ status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' }),
  film({ status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' }),
])

export const Rejected: Story = {
  ...withFiles([]),
  args: { accept: 'image/*', maxSize: '1MB' },
  render: (args) => html`
    <bucket-upload .label=${args.label} accept="image/*" max-size="1MB" multiple></bucket-upload>
  `,
  play: ({ canvasElement }) => {
    canvasElement.querySelector('bucket-upload')?.add([
      new File(['notes'], 'notes.txt', { type: 'text/plain' }),
      new File([new Uint8Array(2_000_000)], 'Panorama from the tower.jpg', {
        type: 'image/jpeg',
      }),
    ])
  },
}

/** As after a reload: the first continues with one click, the third has to be picked again. */
export const Interrupted: Story = {
  ...withFiles([]),
  render: (args) => html`
    <bucket-upload
      .label=${args.label}
      ?multiple=${args.multiple}
      .engine=${interruptedEngine([
        left('Interview with the lighthouse keeper, second take, uncut 2026-10-04.mov', 0.43),
        left('Morning at the lake.mp4', 0.07),
        { ...left('backup.tar.zst', 0.9), needsFile: true },
        left('d.bin', 0.5),
        left('e.bin', 0.5),
      ])}
    ></bucket-upload>
  `,
}

export const Disabled: Story = { ...withFiles([]), args: { disabled: true } }

function dragOver(root: HTMLElement): void {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File(['x'], 'x.txt'))
  const init = { dataTransfer, bubbles: true, composed: true }
  zoneIn(root)?.dispatchEvent(new DragEvent('dragenter', init))
}

function zoneIn(root: HTMLElement): Element | null | undefined {
  const upload = root.querySelector('bucket-upload')
  const part = upload?.shadowRoot?.querySelector('bucket-upload-drop-zone')
  return part?.shadowRoot?.querySelector('.zone')
}

function left(name: string, share: number): InterruptedUpload {
  const size = 2_100_000_000
  const about = { id: name, name, path: name, key: name, size, stored: size * share }
  return { ...about, needsFile: false, expiresAt: new Date() }
}

/** People put the photos in order, and write a text for each. */
const withFields = (variant?: 'gallery', layout: 'list' | 'grid' = 'list'): Story => ({
  render: () => html`
    <style>
      .caption {
        display: block;
        font-size: 0.875rem;
      }

      .caption input {
        width: 100%;
        min-height: 2.25rem;
        padding-inline: 0.5rem;
        border: 1px solid GrayText;
        border-radius: 6px;
        background: Field;
        color: FieldText;
        font: inherit;
        box-sizing: border-box;
      }
    </style>
    <bucket-upload
      label="Photos"
      multiple
      reorder
      .variant=${variant}
      .layout=${layout}
      .engine=${stillEngine([photo('stored'), film(0.42), report(0)])}
    >
      <template slot="fields">
        <label class="caption">Alternative text <input name="alt" /></label>
      </template>
    </bucket-upload>
  `,
})

export const OrderAndCaptions: Story = withFields()

export const OrderAndCaptionsInAGrid: Story = withFields(undefined, 'grid')

export const OrderAndCaptionsInAGallery: Story = withFields('gallery')
