import type { StoryFile } from './still-engine.ts'

/** Files of the stories. */
export const photo = (outcome: StoryFile['outcome']): StoryFile => ({
  name: 'Morning at the lake.jpg',
  type: 'image/jpeg',
  size: 4_812_000,
  outcome,
})

export const film = (outcome: StoryFile['outcome']): StoryFile => ({
  name: 'Interview with the lighthouse keeper, second take, uncut 2026-10-04.mov',
  type: 'video/quicktime',
  size: 734_000_000,
  outcome,
})

export const report = (outcome: StoryFile['outcome']): StoryFile => ({
  name: 'report.pdf',
  type: 'application/pdf',
  size: 220_400,
  outcome,
})

export const refused = { status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' }
