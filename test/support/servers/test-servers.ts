import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PartRules } from '../../../src/protocol/index.ts'
import { nodeListener } from '../../../src/server/http/node.ts'
import {
  type Bucket,
  createSigner,
  type SignerConfig,
  SignerError,
  s3,
} from '../../../src/server/index.ts'
import { type CheckedPut, startCheckingProxy } from '../faults/checking-proxy.ts'
import { completingSigner } from '../faults/completing-signer.ts'
import { startFaultProxy } from '../faults/fault-proxy.ts'
import type { Fault } from '../faults/faults.ts'
import { faultySigner } from '../faults/faulty-signer.ts'
import { guardingSigner } from '../faults/guarding-signer.ts'
import { putAlone } from '../signer/put-alone.ts'
import { watchWire } from '../signer/schema.ts'
import type { Gateway } from './ceph.ts'
import { startEmbeddedS3 } from './embedded-s3.ts'
import { bucketName, cephGateway } from './gateways.ts'
import {
  createBucket,
  deleteBucket,
  type ListedObject,
  type ListedUpload,
  listMultipartUploads,
  listObjects,
  OPEN_CORS,
} from './s3-admin.ts'

/**
 * Nothing listens there. A port that is only free at the moment is soon taken by the signer of another browser,
 * and browsers ask nothing of some others, such as 1 and 9.
 *
 * @see https://fetch.spec.whatwg.org/#port-blocking
 */
const NOBODY = 'http://127.0.0.1:2'

/** Addresses that the browser tests need. A signer's URL never says what it signs for. */
export interface TestAddresses {
  /** Signers that work, by the name of what they sign for. */
  signers: { embedded: string; ceph: string; cephByForm: string; cephByPut: string }
  /** Ours, for a bucket without a CORS rule, and for one that does not exist. */
  noCors: string
  noBucket: string
  /** Ours; they sign forms for a bucket whose CORS rule lets none pass, and for one that refuses them. */
  formsBlocked: string
  formsRefused: string
  /** As `faultyLine`, with forms. */
  faultyForms: string
  /** Ours, for a bucket whose CORS rule hides the ETag. */
  noEtag: string
  /** Ours, with parts of five MiB, the smallest that S3 takes. */
  smallParts: string
  smallEmbedded: string
  /** Ours, with URLs that live for three seconds. */
  shortLived: string
  /** Ours; it lets in only who sends the header `Authorization: in`. */
  locked: string
  /** Ours, with limits of its own: images of at most 1 kB. */
  strict: string
  /** Ours, with the routes `photo` and `large`, and with receipts. */
  routed: string
  /** Ours; files can be taken back, but for those that are called "kept.txt". */
  discarding: string
  /** Ours, with a fault proxy before it and another one before Ceph: `setFaults` says what they do. */
  faultyLine: string
  /** Ours, with hooks: keeps headers, replaces nothing, and hands out no link to "refused.txt". */
  hooked: string
  /** Ours; needs SHA-256, for small parts, and the bucket checks it: see `checking-proxy.ts`. */
  checked: string
  /** As `checked`, but the ETags of parts are no MD5, as with encryption by KMS. */
  encrypted: string
  /** As `checked`, with forms. */
  checkedForms: string
  /** As `checked`, but the browser has to name the parts and to put them together. */
  checkedByBrowser: string
  /** As ours with small parts, but with more signed headers; see `guarding-signer.ts`. */
  guarding: string
  /** Ours, with small parts and forms; it takes files that are compressed. */
  compressing: string
  /** Ours, without any origin allowed. */
  noOrigins: string
  /** Signers with faults; the path says which one. See `faulty-signer.ts`. */
  faulty: string
  faultyEmbedded: string
  /** An address where nothing listens. */
  nobody: string
}

/** Starts everything that the browser tests talk to. All of it is real but the faulty signer. */
export async function startTestServers(): Promise<{
  addresses: TestAddresses
  /** What is in the bucket of Ceph that the tests upload to. */
  look(): Promise<{ objects: ListedObject[]; uploads: ListedUpload[] }>
  /** What goes wrong with the next PUTs to the bucket, and the next POSTs to the signer, in order. */
  setFaults(faults: { bucket: Fault[]; signer: Fault[] }): void
  /** The PUTs to the bucket that checks, since the last time; damages so many of those to come. */
  takeChecked(damage: number): CheckedPut[]
  stop(): Promise<void>
}> {
  const [ceph, embedded] = await Promise.all([cephGateway(), startEmbeddedS3()])
  const [open, closed] = [bucketName('open'), bucketName('closed')]
  await createBucket(ceph, open, [OPEN_CORS])
  const [hidden, noPost] = [bucketName('hidden'), bucketName('no-post')]
  await createBucket(ceph, closed)
  await createBucket(ceph, hidden, [{ ...OPEN_CORS, exposeHeaders: [] }])
  await createBucket(ceph, noPost, [{ ...OPEN_CORS, methods: ['GET', 'PUT'] }])
  const servers: Server[] = []
  const signer = async (config: Partial<SignerConfig> & Pick<SignerConfig, 'bucket'>) =>
    serve(
      nodeListener(watchWire(createSigner({ origins: '*', authorize: 'everybody', ...config }))),
    )
  const serve = async (listener: RequestListener) => {
    servers.push(createServer(listener))
    return listen(servers.at(-1) as Server)
  }
  const bucket = bucketOf(ceph, open)
  const small = bucketOf(ceph, open, { idealSize: 5 * 2 ** 20 })
  const faults: { bucket: Fault[]; signer: Fault[] } = { bucket: [], signer: [] }
  const bucketLine = await startFaultProxy({
    target: ceph.endpoint,
    choose: ({ method }) => (/^P/.test(method) ? faults.bucket.shift() : undefined),
  })
  const noForms = await startFaultProxy({
    target: ceph.endpoint,
    choose: ({ method }) => (method === 'POST' ? 'expired' : undefined),
  })
  const signerLine = await startFaultProxy({
    target: await signer({
      bucket: bucketOf({ ...ceph, endpoint: bucketLine.origin }, open, { idealSize: 5 * 2 ** 20 }),
    }),
    choose: ({ method }) => (method === 'POST' ? faults.signer.shift() : undefined),
  })
  const checking = await startCheckingProxy(ceph.endpoint)
  const encrypting = await startCheckingProxy(ceph.endpoint, { encrypted: true })
  const [checked, encrypted] = [checking, encrypting].map(({ origin: endpoint }) =>
    bucketOf({ ...ceph, endpoint }, open, { idealSize: 5 * 2 ** 20 }),
  ) as [Bucket, Bucket]
  const checkedSigner = createSigner({
    origins: '*',
    authorize: 'everybody',
    bucket: checked,
    checksum: 'sha256',
  })
  const addresses: TestAddresses = {
    signers: {
      embedded: await signer({ bucket: bucketOf(embedded, embedded.bucket) }),
      ceph: await signer({ bucket }),
      cephByForm: await signer({ bucket: { ...bucket, postPolicy: true } }),
      cephByPut: await serve(
        nodeListener(
          watchWire(putAlone(createSigner({ origins: '*', authorize: 'everybody', bucket }))),
        ),
      ),
    },
    noCors: await signer({ bucket: bucketOf(ceph, closed) }),
    noBucket: await signer({ bucket: bucketOf(ceph, bucketName('nowhere')) }),
    formsBlocked: await signer({ bucket: { ...bucketOf(ceph, noPost), postPolicy: true } }),
    formsRefused: await signer({
      bucket: { ...bucketOf({ ...ceph, endpoint: noForms.origin }, open), postPolicy: true },
    }),
    faultyForms: await signer({
      bucket: { ...bucketOf({ ...ceph, endpoint: bucketLine.origin }, open), postPolicy: true },
    }),
    noEtag: await signer({ bucket: bucketOf(ceph, hidden) }),
    smallParts: await signer({ bucket: small }),
    smallEmbedded: await signer({
      bucket: bucketOf(embedded, embedded.bucket, { idealSize: 5 * 2 ** 20 }),
    }),
    shortLived: await signer({ bucket, uploadExpires: 3 }),
    locked: await signer({
      bucket,
      authorize: (request) => request.headers.get('Authorization') === 'in' && { user: '1' },
    }),
    strict: await signer({ bucket, accept: 'image/*', maxSize: '1kB' }),
    routed: await signer({
      bucket,
      secret: 'the secret of the signer with routes',
      authorize: () => ({ user: 'ann' }),
      routes: {
        photo: { accept: 'image/*', maxSize: '1kB', key: 'photos/{id}{ext}', receiptExpires: '1h' },
        large: { key: 'large/{id}/{name}', receiptExpires: '1h' },
      },
    }),
    faultyLine: signerLine.origin,
    discarding: await signer({
      bucket,
      discardExpires: '1h',
      onDiscard: ({ key }) => {
        if (key.endsWith('/kept.txt')) throw new SignerError('in-use', 'The file is in use.')
      },
    }),
    hooked: await signer({
      bucket: { ...bucket, conditionalPut: true, postPolicy: true },
      objectOptions: {
        cacheControl: 'private',
        metadata: { note: 'größer' },
        contentDisposition: 'inline',
      },
      overwrite: false,
      onUploaded: ({ file }) => {
        if (file.name === 'refused.txt') throw new SignerError('infected', 'It has a virus.')
      },
    }),
    checked: await serve(nodeListener(watchWire(checkedSigner))),
    encrypted: await signer({ bucket: encrypted, checksum: 'sha256' }),
    checkedForms: await signer({ bucket: { ...checked, postPolicy: true }, checksum: 'sha256' }),
    checkedByBrowser: await serve(
      nodeListener(watchWire(completingSigner(checked, checkedSigner))),
    ),
    guarding: await serve(
      nodeListener(
        watchWire(
          guardingSigner(
            small,
            createSigner({ origins: '*', authorize: 'everybody', bucket: small }),
          ),
        ),
      ),
    ),
    compressing: await signer({
      bucket: { ...small, postPolicy: true },
      acceptEncoding: 'gzip',
    }),
    noOrigins: await signer({ bucket, origins: [] }),
    faulty: await serve(faultySigner(bucket)),
    faultyEmbedded: await serve(faultySigner(bucketOf(embedded, embedded.bucket))),
    nobody: NOBODY,
  }
  return {
    addresses,
    async look() {
      const objects = await listObjects(ceph, open)
      return { objects, uploads: await listMultipartUploads(ceph, open) }
    },
    setFaults: (next) => void Object.assign(faults, next),
    takeChecked(damage) {
      checking.damage(damage)
      return checking.puts.splice(0)
    },
    async stop() {
      checking.stop()
      encrypting.stop()
      bucketLine.stop()
      noForms.stop()
      signerLine.stop()
      for (const server of servers) server.close().closeAllConnections()
      const buckets = [open, closed, hidden, noPost].map((bucket) => deleteBucket(ceph, bucket))
      await Promise.all([embedded.stop(), ...buckets])
    },
  }
}

function bucketOf(
  gateway: Omit<Gateway, 'stop'>,
  bucket: string,
  partRules: Partial<PartRules> = {},
) {
  const { endpoint, region, accessKeyId, secretAccessKey } = gateway
  return s3({ bucket, endpoint, region, accessKeyId, secretAccessKey, partRules })
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
