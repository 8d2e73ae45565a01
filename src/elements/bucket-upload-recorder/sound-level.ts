/** How often the level is measured, in ms. */
const EVERY = 100
/** What is this quiet counts as silence, in dB below the loudest. */
const FLOOR = 60

/**
 * Measures how loud a recording is: people see that their microphone hears them.
 *
 * @param tell gets the level from 0 to 1, ten times a second
 * @returns a function that ends it; nothing if there is no sound, or it cannot be measured
 */
export function measureSound(
  media: MediaStream,
  tell: (level: number) => void,
): (() => void) | undefined {
  if (media.getAudioTracks().length === 0 || !globalThis.AudioContext) return undefined
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(media).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, it) => sum + it * it, 0) / samples.length
    tell(Math.min(1, Math.max(0, 1 + (10 * Math.log10(power)) / FLOOR)))
  }, EVERY)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}
