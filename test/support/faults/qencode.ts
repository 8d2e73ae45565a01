/**
 * Stands for Qencode, by its public documents: tokens, tasks, and how far each is. It transcodes nothing.
 *
 * @see https://docs.qencode.com/api-reference/transcoding
 */
import { randomUUID } from 'node:crypto'
import { serve } from '../pages/site.ts'

export async function startQencode(apiKey: string) {
  const stream = 'https://stream.example/film/playlist.m3u8'
  const state = {
    percent: 0,
    fails: false,
    stream,
    /** Where each film is read, and where it is told that it is ready. */
    sources: [] as string[],
    callbacks: [] as string[],
    /** What no page may see. */
    secrets: [apiKey],
  }
  const tokens = new Set<string>()
  const tasks = new Map<string, { isStarted: boolean }>()
  const issue = () => {
    const token = randomUUID()
    state.secrets.push(token)
    return token
  }
  const answers: Record<string, (form: URLSearchParams) => object> = {
    access_token(form) {
      if (form.get('api_key') !== apiKey) return { error: 1, message: 'API key is wrong' }
      const token = issue()
      tokens.add(token)
      return { error: 0, token }
    },
    create_task(form) {
      if (!tokens.has(form.get('token') ?? '')) return { error: 4, message: 'Token is wrong' }
      const task_token = issue()
      tasks.set(task_token, { isStarted: false })
      return { error: 0, task_token }
    },
    start_encode2(form) {
      const task = tasks.get(form.get('task_token') ?? '')
      const { query } = JSON.parse(form.get('query') ?? '{}')
      const isWhole = query?.source && query.format?.[0]?.output && form.get('payload')
      if (!task || task.isStarted || !isWhole) return { error: 5, message: 'Bad request' }
      task.isStarted = true
      state.sources.push(query.source)
      state.callbacks.push(query.callback_url)
      return { error: 0, status_url: 'https://qencode.example/v1/status' }
    },
    status(form) {
      const token = form.get('task_tokens') ?? ''
      const { percent, fails } = state
      if (!tasks.get(token)?.isStarted) return { error: 0, statuses: {} }
      if (fails) return { error: 0, statuses: { [token]: { error: 1, status: 'completed' } } }
      const videos = percent < 100 ? [] : [{ url: stream, duration: '12.5' }]
      const status = percent < 100 ? 'encoding' : 'completed'
      return { error: 0, statuses: { [token]: { error: 0, status, percent, videos } } }
    },
  }
  const site = await serve(async (request) => {
    const [, name = ''] = /^\/v1\/(\w+)$/.exec(new URL(request.url).pathname) ?? []
    const answer = request.method === 'POST' ? answers[name] : undefined
    if (!answer) return new Response(null, { status: 404 })
    return Response.json(answer(new URLSearchParams(await request.text())))
  })
  return Object.assign(state, { origin: site.origin, stop: () => site.stop() })
}
