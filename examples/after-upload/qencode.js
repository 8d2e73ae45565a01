import { presign } from 'bucket-upload/server'

/**
 * Hooks for `createSigner` that have Qencode make a stream of each film.
 *
 * @param options.bucket where the films are: Qencode reads each by a link that lasts a day
 * @param options.apiKey of your project. It stays here; so do the tokens that it gives
 * @param options.callbackUrl where Qencode tells that a film is ready; see `finished`
 * @param options.jobs what Qencode calls each job, by the key of its film. A table of your database, once there
 *   is a second process
 */
export function transcoding({
  bucket,
  apiKey,
  callbackUrl,
  api = 'https://api.qencode.com',
  jobs,
}) {
  async function post(path, form) {
    const body = new URLSearchParams(form)
    const response = await fetch(`${api}/v1/${path}`, { method: 'POST', body })
    const answer = await response.json()
    // The form is a secret, and is not in the message.
    if (answer.error) throw new Error(`Qencode refused "${path}" with error ${answer.error}.`)
    return answer
  }

  async function begin(key) {
    const { token } = await post('access_token', { api_key: apiKey })
    const { task_token } = await post('create_task', { token })
    const { url: source } = await presign(bucket, { key, expiresIn: '1d' })
    const streams = [
      { height: 1080, bitrate: 4500 },
      { height: 480, bitrate: 1200 },
    ]
    const format = [{ output: 'advanced_hls', stream: streams }]
    const query = JSON.stringify({ query: { source, format, callback_url: callbackUrl } })
    await post('start_encode2', { task_token, query, payload: key })
    return task_token
  }

  /** May be called twice for one film, and begins one job. */
  async function onUploaded({ key }) {
    if (!jobs.has(key)) jobs.set(key, begin(key))
    // Another try may help.
    await jobs.get(key).catch(() => jobs.delete(key))
    if (!jobs.has(key)) throw new Error('No job was begun.')
    return { processing: true }
  }

  async function status({ key }) {
    const task_tokens = await jobs.get(key)
    if (!task_tokens) return { failed: 'Nobody works on this film any more. Upload it again.' }
    const { statuses } = await post('status', { task_tokens })
    const { error, status, percent, videos = [] } = statuses[task_tokens] ?? {}
    if (error) return { failed: 'This film could not be converted. Is it complete?' }
    if (status !== 'completed') return { progress: (percent ?? 0) / 100 }
    const [stream] = videos
    return { done: true, link: stream.url, data: { seconds: Number(stream.duration) } }
  }

  /**
   * Answers Qencode's callback, which comes too when the page is closed. Anyone could send it, so it only says
   * which film to ask about.
   *
   * @returns the key of the film, and its status
   */
  async function finished(request) {
    const key = String((await request.formData()).get('payload'))
    return { key, ...(await status({ key })) }
  }

  return { onUploaded, status, finished }
}
