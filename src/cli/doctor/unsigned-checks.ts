/** Does the server take headers that were added to a signed URL? */

import { GUARD_HEADERS } from '../../s3/service-facts.ts'
import { rootOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { bucketUrl, encodeKey } from '../../server/internal.ts'
import { ask, withLimit } from '../bucket/bucket-request.ts'
import { type Check, CONTENT, finding, type Patient } from './check.ts'
import { partAsPage, putAsPage } from './page-requests.ts'

/** What can be done by headers that are not signed. */
type Hole = 'copy' | 'publish'

const CAN: Record<Hole, string> = {
  copy: 'copy whatever the keys of the signer may read',
  publish: 'let everyone read what they upload',
}

/** Of the same length as what is stored already, and other bytes. */
const OTHER = CONTENT.toUpperCase()

/**
 * Signature Version 4 binds the headers that it lists, and not the absence of others.
 *
 * @see docs/security.md, "Unsigned headers"
 */
const unsigned: Check = {
  name: 'unsigned-headers',
  title: 'headers that are added to a signed URL are refused',
  needs: ['get'],
  optional: true,
  async run(patient) {
    const { bucket } = patient
    const holes = await findHoles(patient, bucket)
    if (holes.length === 0) return undefined
    const can = holes.map((hole) => CAN[hole]).join(', and ')
    const remedy = await remedyFor(patient, holes)
    throw finding(
      'unsigned-headers',
      `The server takes headers that are not signed, by which people with an upload URL can ${can}. ${remedy} See "Unsigned headers" in docs/security.md.`,
    )
  },
}

async function findHoles(patient: Patient, bucket: Bucket): Promise<Hole[]> {
  const holes: Hole[] = []
  if ((await copies(patient, bucket)) || (await copiesParts(patient, bucket))) holes.push('copy')
  if (await publishes(patient, bucket)) holes.push('publish')
  return holes
}

/** What guards do here is tried, and not only told. */
async function remedyFor(patient: Patient, holes: Hole[]): Promise<string> {
  const canCopy = holes.includes('copy')
  if (await isClosed(patient, { ...patient.bucket, guardHeaders: GUARD_HEADERS })) {
    const guards = 'sign "guardHeaders: GUARD_HEADERS" along, by which this server refuses it'
    return canCopy ? `${KEYS}, or ${guards}.` : `Let the signer ${guards}.`
  }
  return canCopy ? `${KEYS}.` : 'Have the bucket refuse public ACLs.'
}

const KEYS = 'Give the signer "uploadKeys" that can write and not read'

/** Whether with these settings uploads work, and nothing else. */
async function isClosed(patient: Patient, bucket: Bucket): Promise<boolean> {
  const { status } = await putCopy(patient, bucket, {})
  return status === 200 && (await findHoles(patient, bucket)).length === 0
}

function source({ bucket, key }: Patient): Record<string, string> {
  return { 'x-amz-copy-source': `/${bucket.bucket}/${encodeKey(key)}` }
}

/** Stores other bytes beside the object that is there. */
function putCopy(patient: Patient, bucket: Bucket, added: Record<string, string>) {
  patient.signal.throwIfAborted()
  const key = `${patient.key}-copy`
  patient.stored.add(key)
  return putAsPage(bucket, { key, body: OTHER, added })
}

async function copies(patient: Patient, bucket: Bucket): Promise<boolean> {
  const { status } = await putCopy(patient, bucket, source(patient))
  if (status !== 200) return false
  const get = { method: 'GET', key: `${patient.key}-copy` } as const
  return (await ask(bucket, get, patient.signal)).body === CONTENT
}

async function copiesParts(patient: Patient, bucket: Bucket): Promise<boolean> {
  patient.signal.throwIfAborted()
  const added = source(patient)
  const answer = await partAsPage(bucket, `${patient.key}-copy`, added).catch(() => undefined)
  return answer?.status === 200 && rootOf(answer.body) === 'CopyPartResult'
}

async function publishes(patient: Patient, bucket: Bucket): Promise<boolean> {
  // Where all objects are public, an ACL makes no difference.
  if (await isPublic(patient, patient.key)) return false
  const { status } = await putCopy(patient, bucket, { 'x-amz-acl': 'public-read' })
  return status === 200 && (await isPublic(patient, `${patient.key}-copy`))
}

async function isPublic({ bucket, signal }: Patient, key: string): Promise<boolean> {
  const url = `${bucketUrl(bucket).href}${encodeKey(key)}`
  const answer = await fetch(url, { redirect: 'manual', signal: withLimit(signal) })
  await answer.arrayBuffer()
  return answer.status === 200
}

export const UNSIGNED_CHECKS: readonly Check[] = [unsigned]
