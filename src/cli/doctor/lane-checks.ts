/** Does a browser get more than one connection for the parts of a large file? */
import { connect } from 'node:tls'
import type { Bucket, LaneKind } from '../../server/index.ts'
import { bucketUrl } from '../../server/internal.ts'
import { ask, withLimit } from '../bucket/bucket-request.ts'
import { type Check, finding, type Patient } from './check.ts'
import { askPreflight } from './upload-checks.ts'

const http2: Check = {
  name: 'http2',
  title: 'the server speaks HTTP/1.1, over which browsers have six connections',
  needs: ['put'],
  optional: true,
  async run(patient) {
    const { bucket, origin, signal } = patient
    if (!(await speaksHttp2(bucket, withLimit(signal)))) return undefined
    const lanes = await findLanes(patient)
    const list = lanes.map((lane) => `'${lane}'`).join(', ')
    const remedy =
      lanes.length > 0
        ? `Set "lanes: [${list}]" in the signer, which gives them ${2 ** lanes.length}.`
        : 'It has no other name and allows no credentials, so "lanes" of the signer do not help. If it is yours, a larger window for each connection does, or HTTP/1.1.'
    const more = origin === undefined ? ' With "--origin" more can be found out.' : ''
    throw finding(
      'http2',
      `The server speaks HTTP/2, over which browsers have one connection for all parts of a large file. ${remedy}${more}`,
    )
  },
}

/** As a browser agrees on it: in the TLS handshake. */
function speaksHttp2(bucket: Bucket, signal: AbortSignal): Promise<boolean> {
  const { protocol, hostname: host, port } = bucketUrl(bucket)
  if (protocol === 'http:') return Promise.resolve(false)
  return new Promise((resolve, reject) => {
    const ALPNProtocols = ['h2', 'http/1.1']
    const socket = connect({ host, port: Number(port || 443), servername: host, ALPNProtocols })
    const stop = () => socket.destroy(signal.reason)
    signal.addEventListener('abort', stop)
    socket.once('close', () => signal.removeEventListener('abort', stop))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      resolve(socket.alpnProtocol === 'h2')
      socket.destroy()
    })
  })
}

/** What a browser could use: each is tried. */
async function findLanes(patient: Patient): Promise<LaneKind[]> {
  const { bucket, origin, key, signal } = patient
  const other: Bucket = {
    ...bucket,
    addressing: bucket.addressing === 'path' ? 'virtual-hosted' : 'path',
  }
  const lanes: LaneKind[] = []
  // The object that a check before has stored.
  const answer = await ask(other, { method: 'GET', key }, signal).catch(() => undefined)
  const hasName = answer?.status === 200 || /<Code>AccessDenied</.test(answer?.body ?? '')
  if (hasName && (!origin || (await allows(patient, other, origin)))) lanes.push('addressing')
  if (origin && (await allows(patient, bucket, origin, true))) lanes.push('credentials')
  return lanes
}

/** Whether a page may send a part there. With credentials the answer must name the page. */
async function allows(
  patient: Patient,
  bucket: Bucket,
  origin: string,
  credentials = false,
): Promise<boolean> {
  const { ok, headers } = await askPreflight(patient, bucket, origin)
  const allowed = headers.get('Access-Control-Allow-Origin')
  if (!ok || !(allowed === origin || (allowed === '*' && !credentials))) return false
  return !credentials || headers.get('Access-Control-Allow-Credentials') === 'true'
}

export const LANE_CHECKS: readonly Check[] = [http2]
