/** Schemathesis asks our signers whatever the OpenAPI document of the protocol allows, and more. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createSigner, s3 } from '../../src/server/index.ts'
import { PROOF, SIGNER_PYTHON, startInFramework } from '../support/examples/python-signer.ts'
import { runSchemathesis, SCHEMATHESIS_PYTHON } from '../support/examples/schemathesis.ts'
import { serve } from '../support/pages/site.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../support/servers/s3-admin.ts'

const skip = SCHEMATHESIS_PYTHON === undefined && 'needs what PyPI has'

describe('Schemathesis finds nothing', { skip }, () => {
  const bucket = bucketName('openapi')
  let gateway: Gateway

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
  })
  after(() => deleteBucket(gateway, bucket))

  it('in our signer', async (test) => {
    const signer = createSigner({ bucket: s3({ ...gateway, bucket }), authorize: 'everybody' })
    const { origin, stop } = await serve(signer)
    test.after(stop)
    const { code, stdout, stderr } = await runSchemathesis(origin)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /\d{2,} generated/)
  })

  it('in that for Python', { skip: SIGNER_PYTHON === undefined }, async (test) => {
    const { url, stop } = await startInFramework('Flask', { ...gateway, bucket }, 'https://a.test')
    test.after(stop)
    const { code, stdout, stderr } = await runSchemathesis(new URL(url).origin, PROOF)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /\d{2,} generated/)
  })
})
