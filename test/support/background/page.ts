/** What is around the file in the form that the page sends. */
const BOUNDARY = 'b6b5f2a0c1d94e0f'
export const HEAD = [
  `--${BOUNDARY}`,
  'Content-Disposition: form-data; name="key"',
  '',
  'file.bin',
  `--${BOUNDARY}`,
  'Content-Disposition: form-data; name="file"; filename="file.bin"',
  'Content-Type: application/octet-stream',
  '',
  '',
].join('\r\n')
export const TAIL = `\r\n--${BOUNDARY}--\r\n`

/** What the page is asked to do. */
export interface Begin {
  /** Where files go: an origin. */
  bucket: string
  /** How many PUTs of the file to begin. */
  puts: number
  /** In which event the file is handed over. */
  at: 'pagehide' | 'beforeunload'
  /** Whether the PUTs are aborted before. */
  isAborted?: boolean
}

/** A registration of a service worker as Chromium has it, and TypeScript does not. */
export type WithFetches = ServiceWorkerRegistration & {
  backgroundFetch: {
    fetch(id: string, all: Request[], about: object): Promise<{ abort(): Promise<boolean> }>
  }
}

/** Replaces no other worker, as its scope is its own address; the page is never controlled by it. */
export const WORKER = `addEventListener('backgroundfetchsuccess', () => {})`

/**
 * A bare page. When it is closed, it hands a form with the chosen file over to the browser; before that it may
 * send the file by PUTs.
 */
export const PAGE = `<!doctype html>
<html lang="en">
<title>Background</title>
<input type="file">
<script type="module">
  const type = 'multipart/form-data; boundary=${BOUNDARY}'
  const registration = await navigator.serviceWorker.register('/worker.js', { scope: '/worker.js' })
  while (!registration.active) await new Promise((resolve) => setTimeout(resolve, 20))

  window.begin = ({ bucket, puts, at, isAborted }) => {
    const [file] = document.querySelector('input').files
    const body = new Blob([${JSON.stringify(HEAD)}, file, ${JSON.stringify(TAIL)}])
    const stop = new AbortController()
    for (let part = 1; part <= puts; part++) {
      fetch(bucket + '/' + part, { method: 'PUT', body: file, signal: stop.signal }).catch(() => {})
    }
    addEventListener(at, () => {
      if (isAborted) stop.abort()
      const form = new Request(bucket + '/form', { method: 'POST', body, headers: { 'Content-Type': type } })
      registration.backgroundFetch.fetch('upload', [form], { title: file.name, uploadTotal: body.size })
    })
  }
</script>
</html>`
