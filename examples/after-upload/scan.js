import { connect } from 'node:net'
import { presign } from 'bucket-upload/server'

/**
 * Hooks for `createSigner` that have ClamAV look at each file before anyone gets a link to it. Uploads go below
 * `incoming/`, and what is clean is copied to `files/`, where nobody has a grant to write.
 *
 * @param options.bucket its keys must be allowed to read, copy and delete
 * @param options.clamd where `clamd` listens, as for `net.connect`
 * @param options.scans what was found, by key. A table of your database, once there is a second process
 */
export function scanning({ bucket, clamd, scans }) {
  async function ask(method, key, headers = {}) {
    const { url } = await presign(bucket, { method, key, headers })
    const response = await fetch(url, { method, headers })
    if (!response.ok) throw new Error(`The bucket answered ${method} with ${response.status}.`)
    return response
  }

  async function scan(key) {
    const { body } = await ask('GET', key)
    const virus = await findVirus(body, clamd)
    const clean = key.replace(/^incoming\//, 'files/')
    const source = `/${bucket.bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
    if (!virus) await ask('PUT', clean, { 'x-amz-copy-source': source })
    await ask('DELETE', key)
    return virus ? { failed: 'This file was refused: it has a virus.' } : { done: true, key: clean }
  }

  /** May be called twice for one file, and begins one scan. */
  function onUploaded({ key }) {
    if (!scans.has(key)) scans.set(key, undefined)
    else return { processing: true }
    scan(key).then(
      (found) => scans.set(key, found),
      // Nothing is known of the file, so that nobody gets it.
      () => scans.set(key, { failed: 'This file could not be checked. Upload it again.' }),
    )
    return { processing: true }
  }

  const status = ({ key }) =>
    scans.has(key) ? scans.get(key) : { failed: 'This file was not checked. Upload it again.' }

  return { onUploaded, status }
}

/**
 * Sends bytes to `clamd` by its command INSTREAM: pieces, each with its length before it, and an empty one.
 *
 * @returns the name of the virus, or `undefined`
 * @throws if it cannot say, for instance since the file is longer than `StreamMaxLength`
 */
async function findVirus(body, clamd) {
  const socket = connect(clamd)
  const answer = new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (data) => {
      text += data
    })
    socket.on('end', () => resolve(text)).on('error', reject)
  })
  answer.catch(() => {})
  const send = (data) => socket.write(data) || new Promise((go) => socket.once('drain', go))
  const length = (bytes) => new Uint8Array(new Uint32Array([bytes]).buffer).reverse()
  await send('zINSTREAM\0')
  for await (const piece of body) {
    if (socket.destroyed) break
    await send(length(piece.length))
    await send(piece)
  }
  await send(length(0))
  const [, virus, verdict] = /^stream: (?:(.+) )?(OK|FOUND)\0?$/.exec(await answer) ?? []
  if (!verdict) throw new Error('clamd gave no verdict.')
  return virus
}
