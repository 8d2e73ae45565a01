/** Many users who upload and abort at once, at two signers behind a proxy that takes turns. */
import { randomUUID } from 'node:crypto'
import { request as ask, createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeListener } from '../../../src/server/http/node.ts'
import { type Counter, createSigner, type UploadLimit } from '../../../src/server/index.ts'
import { created } from './multipart-client.ts'
import { BUCKET } from './signer-server.ts'

/** How an attack goes. */
export interface Attack {
  /** One for each signer. */
  counters: readonly Counter[]
  users: number
  /** How long it lasts. */
  seconds: number
  /** It lasts longer until so many were stored, aborted and refused each, but a minute at most. */
  atLeast?: number
  /** What happens after half of the time. */
  inTheMiddle?(): Promise<void>
}

/** What was seen. */
export interface Seen {
  /** What must never be, one sentence each. */
  faults: string[]
  stored: number
  aborted: number
  refused: number
  /** Calls that were told that nothing can be counted at the moment. */
  waited: number
  /** Calls whose answers did not arrive, and which were made again. */
  lost: number
}

const FILES = 12
const BYTES = 100_000

const LIMITS: UploadLimit[] = [
  { per: 'user', files: FILES },
  { per: 'user', bytes: BYTES },
  { per: 'address', files: 1_000_000, every: '1d' },
]

/** What is in the bucket, and what is under way there. */
function bucketInMemory() {
  const uploads = new Map<string, string>()
  const objects = new Map<string, number>()
  let count = 0
  const fetch = async (address: string, { method = 'GET' }: RequestInit) => {
    // Calls must overlap.
    await sleep(Math.random() * 4)
    const url = new URL(address)
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'))
    const size = Number(/-(\d+)$/.exec(key)?.[1])
    const uploadId = url.searchParams.get('uploadId') ?? ''
    if (method === 'POST' && url.searchParams.has('uploads')) {
      count += 1
      uploads.set(`u${count}`, key)
      return created(`u${count}`)
    }
    if (method === 'HEAD') {
      if (!objects.has(key)) return new Response(null, { status: 404 })
      const headers = { 'Content-Length': `${objects.get(key)}`, 'Content-Type': 'text/plain' }
      return new Response(null, { headers })
    }
    if (method === 'DELETE') {
      uploads.delete(uploadId)
      return new Response(null, { status: 204 })
    }
    if (!uploads.has(uploadId)) {
      return new Response('<Error><Code>NoSuchUpload</Code></Error>', { status: 404 })
    }
    if (method === 'GET') {
      const part = `<Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${size}</Size></Part>`
      return new Response(`<ListPartsResult>${part}</ListPartsResult>`)
    }
    uploads.delete(uploadId)
    objects.set(key, size)
    return new Response('<CompleteMultipartUploadResult/>')
  }
  return { fetch, objects }
}

export async function attack(options: Attack): Promise<Seen> {
  const { counters, users, seconds, atLeast = 0, inTheMiddle } = options
  const { fetch: bucket, objects } = bucketInMemory()
  const seen: Seen = { faults: [], stored: 0, aborted: 0, refused: 0, waited: 0, lost: 0 }
  const signers = await Promise.all(
    counters.map((counter) =>
      listen(
        createServer(
          nodeListener(
            createSigner({
              ...{ bucket: BUCKET, fetch: bucket, limits: LIMITS, counter },
              authorize: (request) => {
                const user = request.headers.get('user') ?? ''
                return { user, prefix: `${user}/`, address: '192.0.2.1' }
              },
              key: ({ prefix, id, file }) => `${prefix}${id}-${file.size}`,
              onError: () => {},
            }),
          ),
        ),
      ),
    ),
  )
  const proxy = await listen(takeTurns(signers.map(portOf)))
  const url = `http://127.0.0.1:${portOf(proxy)}/sign`
  const start = Date.now()
  const isOver = () => {
    const past = Date.now() - start
    const fewest = Math.min(seen.stored, seen.aborted, seen.refused)
    return past > seconds * 1000 && (fewest >= atLeast || past > 60_000)
  }
  const call = async (user: string, op: string, fields: object) => {
    for (;;) {
      const body = JSON.stringify({ version: 1, requests: [{ id: '1', op, ...fields }] })
      const headers = { 'Content-Type': 'application/json', user }
      const response = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
      const answer = await response?.json().catch(() => undefined)
      if (!response || !answer) {
        seen.lost += 1
        await sleep(50)
        continue
      }
      const [first = { error: answer.error }] = answer.responses ?? []
      if (response.status !== 429) return first
      seen.waited += 1
      if (response.headers.get('Retry-After') !== '5') seen.faults.push('no Retry-After')
      await sleep(50)
    }
  }
  const check = (user: string) => {
    const sizes = [...objects].filter(([key]) => key.startsWith(`${user}/`)).map(([, size]) => size)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    if (sizes.length > FILES) seen.faults.push(`${user} has ${sizes.length} files`)
    if (bytes > BYTES) seen.faults.push(`${user} has ${bytes} bytes`)
    return { files: sizes.length, bytes }
  }
  const upload = async (user: string) => {
    const size = 1 + Math.floor(Math.random() * 30_000)
    const file = { name: 'a.txt', size, type: 'text/plain' }
    // As browsers do: by it another try is the same upload.
    const nonce = randomUUID()
    const { grant, error } = await call(user, 'create', { file, nonce })
    if (error?.code === 'quota-reached') {
      seen.refused += 1
      return
    }
    if (!grant) {
      seen.faults.push(`create: ${JSON.stringify(error)}`)
      return
    }
    // Most are aborted, some by two calls at once, some while they are completed.
    const chance = Math.random()
    const ends = chance < 0.05 ? ['complete'] : chance < 0.1 ? ['complete', 'abort'] : ['abort']
    if (chance > 0.8) ends.push('abort')
    const answers = await Promise.all(ends.map((op) => call(user, op, { grant })))
    if (ends.includes('complete') && !answers[0].error) seen.stored += 1
    if (ends[0] === 'abort') seen.aborted += 1
    check(user)
  }
  const names = Array.from({ length: users }, (_, index) => `user${index}`)
  const work = names.flatMap((user) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map(async () => {
      while (!isOver()) await upload(user)
    }),
  )
  const middle = sleep(seconds * 500).then(inTheMiddle)
  await Promise.all([...work, middle])
  // Exactly what is not stored is there again: file by file, and to the last byte.
  for (const user of names) {
    const { files, bytes } = check(user)
    const left = FILES - files
    for (let index = 0; index < left; index += 1) {
      const size = index === 0 ? BYTES - bytes : 0
      const file = { name: 'a', size, type: 'a/b' }
      const { error } = await call(user, 'create', { file, nonce: randomUUID() })
      if (error) seen.faults.push(`${user} did not get all back: ${error.message}`)
    }
    const { error } = await call(user, 'create', { file: { name: 'a', size: 0, type: 'a/b' } })
    if (error?.code !== 'quota-reached') seen.faults.push(`${user} gets more than there is`)
  }
  for (const server of [proxy, ...signers]) {
    server.closeAllConnections()
    server.close()
  }
  return seen
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function listen(server: Server): Promise<Server> {
  // Or one closes a connection at the moment in which the other sends by it.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function takeTurns(ports: readonly number[]): Server {
  let turn = 0
  return createServer((incoming, outgoing) => {
    turn += 1
    const { method = 'POST', url: path = '/', headers } = incoming
    const to = { host: '127.0.0.1', port: ports[turn % ports.length] ?? 0 }
    const onward = ask({ ...to, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
}
