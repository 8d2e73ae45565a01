import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import type { BucketUpload, InterruptedUpload } from '../src/index.ts'
import { film, photo, report } from './files.ts'
import { drawn } from './interact.ts'
import { interruptedEngine, stillEngine } from './still-engine.ts'

/** The eight elements, arranged by the page instead of by `<bucket-upload>`. These stories need no network. */
const meta: Meta<BucketUpload> = {
  title: 'Topics/Layouts',
  id: 'layouts',
  component: 'bucket-upload',
}

export default meta

type Story = StoryObj<BucketUpload>

const PLAN = [{ key: 'u/plan.pdf', name: 'Plan of the exhibition.pdf', size: 220_400 }]

const LEFT: InterruptedUpload = {
  ...{ id: 'tour', name: 'Tour of the tower.mov', path: 'Tour of the tower.mov', key: 'tour' },
  ...{ size: 2_100_000_000, stored: 900_000_000, needsFile: false, expiresAt: new Date() },
}

/** All eight in one page: each where the page wants it. */
export const AllElements: Story = {
  render: () => {
    const engine = Object.assign(stillEngine([photo('stored'), film(0.42), report(0)]), {
      interrupted: interruptedEngine([LEFT]).interrupted,
    })
    return html`
      <div class="stack">
        <bucket-upload-progress for="exhibition"></bucket-upload-progress>
        <bucket-upload-field
          label="Poster"
          accept="image/*"
          .engine=${stillEngine([])}
        ></bucket-upload-field>
        <bucket-upload
          id="exhibition"
          label="Exhibition"
          multiple
          .existing=${PLAN}
          .engine=${engine}
        >
          <bucket-upload-interrupted></bucket-upload-interrupted>
          <bucket-upload-drop-zone>
            <p>Drop the pictures of your exhibition here,</p>
            <bucket-upload-button>or choose them</bucket-upload-button>
          </bucket-upload-drop-zone>
          <bucket-upload-messages></bucket-upload-messages>
          <h2>On the wall</h2>
          <bucket-upload-existing></bucket-upload-existing>
          <h2>New</h2>
          <bucket-upload-list layout="grid"></bucket-upload-list>
        </bucket-upload>
      </div>
    `
  },
  play: async ({ canvasElement }) => {
    await drawn()
    const notes = new File(['notes'], 'notes.txt', { type: 'text/plain' })
    const upload = canvasElement.querySelector<BucketUpload>('bucket-upload')
    upload?.engine.configure({ accept: 'image/*' })
    upload?.add([notes])
    await drawn()
  },
}

/** No area to drop on: for a toolbar, or a page that is small. */
export const ButtonAndList: Story = {
  render: () => html`<bucket-upload
    label="Receipts"
    multiple
    .engine=${stillEngine([photo('stored'), report(0.42)])}
  >
    <bucket-upload-button>Add receipts</bucket-upload-button>
    <bucket-upload-messages></bucket-upload-messages>
    <bucket-upload-list></bucket-upload-list>
  </bucket-upload>`,
}

/** Progress in the header of the page, bound by `for`. */
export const ProgressElsewhere: Story = {
  render: () => html`<div class="stack">
    <header><bucket-upload-progress for="photos"></bucket-upload-progress></header>
    <bucket-upload
      id="photos"
      label="Photos"
      multiple
      .engine=${stillEngine([photo('stored'), film(0.42)])}
    ></bucket-upload>
  </div>`,
}

/** Two views of one engine: what is added to one is in both. */
export const OneEngine: Story = {
  render: () => {
    const engine = stillEngine([photo('stored'), film(0.42)])
    return html`<div class="stack">
      <bucket-upload label="In the form" multiple .engine=${engine}></bucket-upload>
      <bucket-upload label="In the side bar" variant="compact" multiple .engine=${engine}></bucket-upload>
    </div>`
  },
}
