/** Can an object be stored, found, read, and protected? */
import { ask } from '../bucket/bucket-request.ts'
import { type Check, CONTENT, demand, finding, untilAnswered } from './check.ts'
import { putAsPage } from './page-requests.ts'

const put: Check = {
  name: 'put',
  title: 'a presigned PUT stores an object',
  needs: ['bucket'],
  async run(patient) {
    const { bucket, key, stored } = patient
    // If it is stopped meanwhile, the object may be there.
    stored.add(key)
    const answer = await putAsPage(bucket, { key, body: CONTENT })
    if (answer.status >= 400) stored.delete(key)
    demand(answer, patient)
    return undefined
  },
}

const head: Check = {
  name: 'head',
  title: 'the object is there, of the right size',
  needs: ['put'],
  async run(patient) {
    const { bucket, key, signal } = patient
    const { headers } = demand(await ask(bucket, { method: 'HEAD', key }, signal), patient)
    if (headers.get('Content-Length') === String(CONTENT.length)) return undefined
    throw finding(
      'bytes-differ',
      'The object does not have the size of what was sent: ask the provider.',
    )
  },
}

const get: Check = {
  name: 'get',
  title: 'a presigned GET returns the same bytes',
  needs: ['put'],
  async run(patient) {
    const { bucket, key, signal } = patient
    const { body } = demand(await ask(bucket, { method: 'GET', key }, signal), patient)
    if (body === CONTENT) return undefined
    throw finding(
      'bytes-differ',
      'The object does not have the bytes that were sent: ask the provider.',
    )
  },
}

const expiry: Check = {
  name: 'expiry',
  title: 'a URL that has expired is refused',
  needs: ['get'],
  async run({ bucket, key, signal }) {
    const now = new Date(Date.now() - 3_600_000)
    const { status } = await ask(bucket, { method: 'GET', key, now, expiresIn: 60 }, signal)
    if (status >= 400) return undefined
    throw finding(
      'expiry-ignored',
      'The server serves a URL that has expired: do not hand out links to it before the provider has mended that.',
    )
  },
}

const conditional: Check = {
  name: 'conditional-write',
  title: 'a write can be refused where an object is there already',
  needs: ['put'],
  optional: true,
  async run({ bucket, key }) {
    const request = { method: 'PUT', key, body: CONTENT } as const
    const headers = { 'If-None-Match': '*' }
    const { status } = await ask(bucket, { ...request, headers }, untilAnswered())
    if (status === 412) return undefined
    throw finding(
      'no-conditional-write',
      'The server ignores "If-None-Match: *": let the signer choose keys that cannot be guessed.',
    )
  },
}

/** In the order in which they are run. */
export const OBJECT_CHECKS: readonly Check[] = [put, head, get, expiry, conditional]
