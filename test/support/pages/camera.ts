/** What stands for a camera in the tests of elements. */

/** Whether recorders give anything here. That of WebKitGTK says that it records, and hands out nothing. */
export async function canRecordHere(): Promise<boolean> {
  if (typeof MediaRecorder !== 'function' || !('mediaDevices' in navigator)) return false
  const { media, stop } = openCamera()
  const recorder = new MediaRecorder(media)
  const answer = await new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), 10_000)
    recorder.addEventListener('dataavailable', ({ data }) => data.size > 0 && resolve(true))
    recorder.start(200)
  })
  stop()
  return answer
}

/** A camera that sees a square which changes. A microphone of a script would be silent until people click. */
export function openCamera(page = document): { media: MediaStream; stop: () => void } {
  const canvas = page.createElement('canvas')
  const pen = canvas.getContext('2d')
  const timer = setInterval(() => {
    if (!pen) return
    pen.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`
    pen.fillRect(0, 0, canvas.width, canvas.height)
  }, 30)
  return { media: canvas.captureStream(), stop: () => clearInterval(timer) }
}
