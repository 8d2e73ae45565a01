/** Which moment of a film is drawn: a share of its length, and in seconds at most. */
const SHARE = 0.1
const LATEST = 1
/** After so many ms a film has no picture. A film in 4K took up to 9 s on half a core. */
const PATIENCE = 20_000
/** Looks again after so many ms whether there is a frame. */
const PAUSE = 20

/**
 * Decodes one of the first moments of a film. Only what is needed for it is read.
 *
 * @throws {Error} when the browser cannot decode it, or not in time
 */
export async function filmFrame(file: File): Promise<ImageBitmap> {
  // Of a file without a byte the browser would complain on the console.
  const { byteLength } = await file.slice(0, 1).arrayBuffer()
  if (byteLength === 0) throw new Error('The film is empty.')
  const video = document.createElement('video')
  const address = URL.createObjectURL(file)
  try {
    video.muted = true
    video.playsInline = true
    video.preload = 'auto'
    video.src = address
    return await Promise.race([draw(video), tooLate()])
  } finally {
    // Lets go of the decoder.
    video.removeAttribute('src')
    video.load()
    URL.revokeObjectURL(address)
  }
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('The film has no picture in time.')), PATIENCE)
  })
}

async function draw(video: HTMLVideoElement): Promise<ImageBitmap> {
  await next(video, 'loadeddata')
  // Of what it cannot decode, a browser may play the sound alone.
  if (video.videoWidth === 0) throw new Error('The film has no frames that can be decoded.')
  // What was recorded by a page may not say how long it is.
  const length = Number.isFinite(video.duration) ? video.duration : 0
  const sought = next(video, 'seeked')
  video.currentTime = Math.min(LATEST, length * SHARE)
  await sought
  return frameOf(video)
}

/** On a busy machine Chromium may have no frame to draw yet, for some ms after `seeked`. */
async function frameOf(video: HTMLVideoElement): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(video)
  } catch (error) {
    // It was given up in the meantime.
    if (!video.hasAttribute('src')) throw error
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    return frameOf(video)
  }
}

function next(video: HTMLVideoElement, event: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, resolve, { once: true })
    video.addEventListener('error', () => reject(new Error('The film cannot be decoded.')))
  })
}
