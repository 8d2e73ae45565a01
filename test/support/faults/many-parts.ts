/** A bucket in memory with its signer, for uploads of more parts than a real one is quickly filled with. */
import { createHash } from 'node:crypto'
import type { SignerRequest, SignerResponse } from '../../../src/protocol/index.ts'

/** One upload: what it has, and what was asked of it. */
export interface ManyParts {
  /** Answers the requests of the page; nothing for those to somebody else. */
  answer(request: Request): Promise<Response | undefined>
  /** The parts, by their numbers. */
  readonly parts: ReadonlyMap<number, Buffer>
  /** Numbers of the parts that were sent since the last `holdAfter`. */
  readonly sent: number[]
  /** The markers after which parts were listed. */
  readonly listed: number[]
  /** Operations that the signer was asked for. */
  readonly asked: string[]
  /** PUTs get no answer, and are not stored, once there are so many parts. */
  holdAfter(count: number): void
}

/** What a page of ListParts has at most, as on S3. */
const PAGE = 1000

/** @param partSize bytes of each part but the last */
export function manyParts(partSize: number): ManyParts {
  const parts = new Map<number, Buffer>()
  const sent: number[] = []
  const listed: number[] = []
  const asked: string[] = []
  let most = Number.POSITIVE_INFINITY
  const put = async (request: Request, number: number) => {
    sent.push(number)
    const body = Buffer.from(await request.arrayBuffer())
    if (parts.size >= most) return new Promise<Response>(() => undefined)
    parts.set(number, body)
    return new Response(null, { headers: { ETag: `"${md5(body)}"` } })
  }
  const sign = async (request: Request) => {
    const { requests } = (await request.json()) as { requests: SignerRequest[] }
    asked.push(...requests.map(({ op }) => op))
    const { origin } = new URL(request.url)
    const responses = requests.map((it) => respond(it, `${origin}/object`, partSize))
    return Response.json({ version: 1, responses })
  }
  return {
    parts,
    sent,
    listed,
    asked,
    holdAfter(count) {
      most = count
      sent.length = 0
    },
    async answer(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/sign') return sign(request)
      if (pathname !== '/object') return undefined
      if (request.method === 'PUT') return put(request, Number(searchParams.get('partNumber')))
      const after = Number(searchParams.get('part-number-marker') ?? 0)
      listed.push(after)
      return new Response(listXml(parts, after), { headers: { 'Content-Type': 'application/xml' } })
    },
  }
}

function respond(request: SignerRequest, object: string, partSize: number): SignerResponse {
  const { id, op } = request
  if (op === 'create') {
    return { id, key: 'object', grant: 'grant', partSize }
  }
  if (op === 'part') return { id, url: `${object}?partNumber=${request.partNumber}` }
  if (op === 'parts') return { id, url: `${object}?part-number-marker=${request.after ?? 0}` }
  return { id, key: 'object', downloadUrl: object }
}

function listXml(parts: ReadonlyMap<number, Buffer>, after: number): string {
  const rest = [...parts].filter(([number]) => number > after).sort(([one], [other]) => one - other)
  const page = rest.slice(0, PAGE)
  const items = page.map(
    ([number, { length }]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>"${md5(parts.get(number))}"</ETag><Size>${length}</Size></Part>`,
  )
  const last = page.at(-1)?.[0] ?? after
  return `<ListPartsResult><IsTruncated>${rest.length > PAGE}</IsTruncated><NextPartNumberMarker>${last}</NextPartNumberMarker>${items.join('')}</ListPartsResult>`
}

function md5(body: Buffer | undefined): string {
  return createHash('md5')
    .update(body ?? '')
    .digest('hex')
}
