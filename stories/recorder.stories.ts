import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html } from 'lit'
import {
  RecordingCopy,
  recordingPlace,
} from '../src/elements/bucket-upload-recorder/recording-copy.ts'
import type { BucketUploadRecorder } from '../src/recorder.ts'
import '../src/recorder.ts'
import { find, press, shows, until } from './interact.ts'
import { hills } from './pictures.ts'
import { stillEngine } from './still-engine.ts'

/** These stories need no network. Where one starts by itself, it has a camera and a microphone of its own. */
const meta: Meta<BucketUploadRecorder> = {
  title: 'Elements/bucket-upload-recorder',
  id: 'bucket-upload-recorder',
  component: 'bucket-upload-recorder',
  args: { kind: 'video', disabled: false },
  render: ({ kind, disabled }) => html`<bucket-upload-recorder
    .kind=${kind}
    ?disabled=${disabled}
    .engine=${stillEngine([])}
  ></bucket-upload-recorder>`,
}

export default meta

type Story = StoryObj<BucketUploadRecorder>

/** A picture that stands still, and silence. */
async function devices({ video }: MediaStreamConstraints = {}): Promise<MediaStream> {
  const sound = new AudioContext().createMediaStreamDestination().stream
  if (!video) return sound
  const canvas = Object.assign(document.createElement('canvas'), { width: 960, height: 540 })
  const picture = await createImageBitmap(hills(3))
  const pen = canvas.getContext('2d')
  const stream = canvas.captureStream()
  pen?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  for (const track of sound.getTracks()) stream.addTrack(track)
  return stream
}

function give(open: typeof devices): void {
  navigator.mediaDevices.getUserMedia = open
}

/** Leaves a recording behind, as a browser that was killed. */
async function leave(seconds: number): Promise<void> {
  const { signer } = still.options
  const now = Date.now()
  const times = { startedAt: now - seconds * 1000, endedAt: now }
  const about = { id: crypto.randomUUID(), name: 'recording.webm', type: 'video/webm', ...times }
  const copy = new RecordingCopy(about, recordingPlace({ signer }, 'video', undefined))
  copy.append(new Blob(['Not a film.']))
  await copy.close()
}

const still = stillEngine([])

export const Video: Story = {}

export const Audio: Story = { args: { kind: 'audio' } }

export const Screen: Story = { args: { kind: 'screen' } }

export const Disabled: Story = { args: { disabled: true } }

export const OwnText: Story = {
  render: () => html`<bucket-upload-recorder kind="audio" .engine=${stillEngine([])}
    >Leave a message</bucket-upload-recorder
  >`,
}

export const RecordsVideo: Story = {
  play: async ({ canvasElement }) => {
    give(devices)
    await press(canvasElement, 'Record video')
    await shows(canvasElement, 'Stop recording')
  },
}

export const RecordsAudio: Story = {
  args: { kind: 'audio' },
  play: async ({ canvasElement }) => {
    give(devices)
    await press(canvasElement, 'Record audio')
    await shows(canvasElement, 'Stop recording')
  },
}

export const Refused: Story = {
  play: async ({ canvasElement }) => {
    give(() => Promise.reject(new DOMException('Permission denied', 'NotAllowedError')))
    await press(canvasElement, 'Record video')
    await shows(
      canvasElement,
      'This page may not use the camera or microphone. Allow it in the browser, then try again.',
    )
  },
}

/** After the browser was killed in the middle of two recordings. */
export const LeftBehind: Story = {
  loaders: [
    async () => {
      await new Promise((resolve) => {
        indexedDB.deleteDatabase('bucket-upload-recordings').onsuccess = resolve
      })
      await leave(40)
      await leave(3725)
    },
  ],
  play: async ({ canvasElement }) => {
    await until('the second one', () => find(canvasElement, '[part=left] ~ [part=left]'))
  },
}
