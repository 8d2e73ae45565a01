/** The browser without workers: as where only bucket-upload.js was copied to a site. */
export async function withoutWorkers<T>(work: () => Promise<T>): Promise<T> {
  const { Worker } = window
  const { postMessage } = Worker.prototype
  const { now } = performance
  Object.assign(window, { Worker: undefined })
  // Those of the page that run already.
  Worker.prototype.postMessage = () => {
    throw new Error('no workers')
  }
  // An hour earlier, so that afterwards new ones may start at once.
  performance.now = () => now.call(performance) - 3_600_000
  try {
    return await work()
  } finally {
    Object.assign(window, { Worker })
    Object.assign(Worker.prototype, { postMessage })
    Object.assign(performance, { now })
  }
}
