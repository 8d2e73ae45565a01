/** The signers at which hostile requests are thrown: each way to set one up that a request can reach. */
import {
  type Bucket,
  type Caller,
  linkshare,
  publicUrl,
  type S3Options,
  type SignerConfig,
  type StoredFile,
  s3,
  storj,
} from '../../../src/server/index.ts'
import type { S3Options as FakeOptions } from './fake-s3.ts'
import type { RouteFacts } from './judge-routes.ts'
import { isHarmless } from './texts.ts'
import { SECRET_KEY, type World } from './world.ts'

export const SECRET = 'a secret that signs the grants'
const OLD_SECRET = 'an old secret, still good for grants'

/** What is known of a signer from how it is set up. */
export interface Facts {
  /** What comes before the keys in URLs, by the name of the bucket. */
  bases: Readonly<Record<string, string>>
  /** Longest life of a URL that stores something, in seconds. */
  uploadSeconds: number
  /** Longest life of a link, in seconds. */
  linkSeconds: number
  /** Bytes. */
  maxSize: number
  /** Whether callers have a prefix. */
  hasPrefixes: boolean
  /** Whether each caller is let in, and is the same as any other. */
  isOpen: boolean
  overwrites: boolean
  /** Whether two files can get the same key. */
  repeatsKeys: boolean
  /** Whether two files of one batch can. */
  repeatsInBatch: boolean
  /** Whether an `onUploaded` looks at each file, and refuses some. */
  isGated: boolean
  /** Whether the page may compress a file. */
  takesGzip: boolean
  /** Whether the page chooses what is stored along. */
  storesWhatIsSaid: boolean
  needsSha256: boolean
  /** Headers that must be signed with each PUT. */
  guards: readonly string[]
  /** The access key that has to sign what stores bytes. */
  writer?: string
  /** The most requests in one call. */
  mostRequests: number
  maxFiles?: number
  /** The routes that give receipts; "" where there are no routes. */
  receiptsOf?: readonly string[]
  /** The routes by which people can take files back; "" where there are no routes. */
  discardsOf?: readonly string[]
  /** The routes, if it has any. */
  routes?: Readonly<Record<string, RouteFacts>>
  /** The route of files for which a page names none. */
  defaultRoute?: string
  /** The route that takes anything, which pages name. */
  pageRoute?: string
  /** The routes of callers who may not use all, by the name of the caller. */
  openTo?: Readonly<Record<string, readonly string[]>>
  /** Reads the key from a link that is not presigned. */
  plainLink?: RegExp
}

/** One signer. */
export interface Setup {
  name: string
  facts?: Partial<Facts>
  s3?: FakeOptions
  make(tools: Tools): Partial<SignerConfig>[] | Partial<SignerConfig>
}

/** What a setup is made with. */
export interface Tools {
  world: World
  /** Makes the bucket that most signers have. */
  bucket(options?: Partial<S3Options>): Bucket
  /** Name of the bucket that a caller asks for. */
  placeOf(caller: Caller): string
}

export const AMAZON = 'https://s3.us-east-1.amazonaws.com/'
const LINKSHARE = 'abcdefghijklmnopqrstuvwxyz23'
const WRITER = 'FUZZWRITER'

export const DEFAULTS: Facts = {
  bases: { photos: `${AMAZON}photos/` },
  uploadSeconds: 900,
  linkSeconds: 3600,
  maxSize: 5e9,
  hasPrefixes: true,
  isOpen: false,
  overwrites: true,
  repeatsKeys: false,
  repeatsInBatch: false,
  isGated: false,
  takesGzip: false,
  storesWhatIsSaid: false,
  needsSha256: false,
  guards: [],
  mostRequests: 1000,
}

/** Small parts, so that small uploads have several of them. */
export const PART_RULES = { minSize: 2, idealSize: 2, multipleOf: 1, maxCount: 10_000 }

/** Makes the bucket that most signers have. */
export function makeBucket(world: World, options: Partial<S3Options> = {}): Bucket {
  const keys = { accessKeyId: 'FUZZACCESSKEY', secretAccessKey: SECRET_KEY }
  world.addKey({ ...keys, mayRead: true })
  return s3({
    bucket: 'photos',
    postPolicy: true,
    partRules: PART_RULES,
    ...(options.credentials ? {} : keys),
    ...options,
  })
}

export const SETUPS: readonly Setup[] = [
  { name: 'plain', make: () => ({}) },
  {
    name: 'folders',
    facts: { uploadSeconds: 300, linkSeconds: 600, repeatsInBatch: true },
    make: () => ({
      keepPaths: true,
      disposition: 'inline',
      uploadExpires: '5m',
      downloadExpires: '10m',
    }),
  },
  {
    name: 'checksum',
    facts: { maxSize: 1e12, needsSha256: true },
    make: () => ({ checksum: 'sha256', maxSize: '1TB', accept: ['image/*', '.txt', '.jpg'] }),
  },
  // Hooks that believe the client: the signer itself has to hold then.
  {
    name: 'names',
    facts: { repeatsKeys: true },
    make: () => ({ disposition: 'inline', key: ({ prefix, file }) => `${prefix}${file.name}` }),
  },
  {
    name: 'said paths',
    facts: { repeatsKeys: true },
    make: () => ({ key: ({ file }) => file.path ?? file.name }),
  },
  {
    name: 'albums',
    facts: { repeatsKeys: true, isGated: true },
    make: () => ({ key: ({ prefix, meta }) => `${prefix}${meta.album}` }),
  },
  {
    name: 'template',
    facts: { overwrites: false },
    make: () => ({
      key: '{user}/{date}/{path}/{id}{ext}',
      overwrite: false,
      disposition: 'inline',
    }),
  },
  {
    name: 'first wins',
    facts: { overwrites: false, repeatsKeys: true, storesWhatIsSaid: true },
    make: () => ({ key: '{name}', overwrite: false, objectOptions: storeWhatIsSaid }),
  },
  {
    name: 'public',
    facts: { takesGzip: true, plainLink: /^https:\/\/files\.example\/([^?#]*)$/ },
    make: () => ({
      acceptEncoding: 'gzip',
      links: publicUrl({ base: 'https://files.example/' }),
      objectOptions: {
        cacheControl: 'max-age=60',
        storageClass: 'STANDARD_IA',
        tags: { keep: 'no' },
      },
    }),
  },
  {
    name: 'kept',
    facts: { needsSha256: true, takesGzip: true },
    make: () => ({
      acceptEncoding: 'gzip',
      checksum: 'sha256',
      objectOptions: ({ meta }) => ({
        tags: meta,
        acl: 'bucket-owner-read',
        encryption: { kmsKeyId: 'alias/photos' },
        retention: { mode: 'compliance', for: '1d' },
        contentLanguage: 'de',
      }),
    }),
  },
  {
    name: 'own links',
    facts: { plainLink: /^https:\/\/cdn\.example\/([^?#]*)$/, isGated: true },
    make: ({ world }) => ({
      disposition: 'inline',
      links: ({ key, file, disposition }) => {
        if (disposition === 'inline' && !isHarmless(file.type ?? '')) {
          world.fail(`A link function is to show ${file.type}.`)
        }
        if (file.name.startsWith('fatal')) throwFault(world)
        return `https://cdn.example/${key.split('/').map(encodeURIComponent).join('/')}`
      },
    }),
  },
  {
    name: 'few files',
    facts: { maxFiles: 3, mostRequests: 20 },
    make: () => ({ rateLimit: ({ requests }) => (requests > 20 ? 2.5 : 0) }),
  },
  {
    name: 'gate',
    facts: { isGated: true, receiptsOf: [''], discardsOf: [''] },
    make: () => ({ disposition: 'inline', receiptExpires: '1h', discardExpires: '1h' }),
  },
  {
    name: 'taken back',
    facts: { overwrites: false, discardsOf: [''] },
    make: () => ({ key: '{date}/{id}{ext}', overwrite: false, discardExpires: '1h' }),
  },
  {
    name: 'gate for names',
    facts: { isGated: true, repeatsKeys: true, hasPrefixes: false, discardsOf: [''] },
    make: () => ({
      key: ({ file }) => `incoming/${file.name}`,
      disposition: 'inline',
      discardExpires: '1h',
    }),
  },
  {
    name: 'temporary keys',
    make: ({ world, bucket }) => ({
      disposition: 'inline',
      bucket: bucket({ credentials: world.changingKeys(true) }),
    }),
  },
  {
    name: 'temporary writers',
    facts: { isGated: true, overwrites: false },
    make: ({ world, bucket }) => ({
      overwrite: false,
      bucket: bucket({
        credentials: world.changingKeys(true),
        uploadKeys: world.changingKeys(false),
      }),
    }),
  },
  {
    name: 'two copies',
    facts: { writer: WRITER },
    make: ({ world, bucket }) => {
      const uploadKeys = { accessKeyId: WRITER, secretAccessKey: `${SECRET_KEY}W` }
      world.addKey({ ...uploadKeys, mayRead: false })
      const shared = bucket({ uploadKeys })
      // While a secret is replaced, some sign with the old one and others with the new one.
      return [
        { bucket: shared, secret: [SECRET, OLD_SECRET] },
        { bucket: shared, secret: [OLD_SECRET, SECRET] },
      ]
    },
  },
  {
    name: 'tenants',
    facts: { bases: { 'tenant-a': `${AMAZON}tenant-a/`, 'tenant-b': `${AMAZON}tenant-b/` } },
    make: ({ bucket, placeOf }) => {
      const buckets = [bucket({ bucket: 'tenant-a' }), bucket({ bucket: 'tenant-b' })]
      return {
        bucket: (caller: Caller) =>
          buckets.find(({ bucket: name }) => name === placeOf(caller)) as Bucket,
      }
    },
  },
  {
    name: 'linkshare',
    facts: {
      bases: { photos: 'https://gateway.storjshare.io/photos/' },
      guards: ['x-amz-copy-source-if-match', 'x-amz-copy-source-range', 'x-amz-acl'],
      plainLink:
        /^https:\/\/link\.storjshare\.io\/raw\/[a-z2-7]{28}\/photos\/([^?#]*)(?:\?download)?$/,
    },
    s3: { isLenient: true },
    make: ({ world }) => {
      const keys = { accessKeyId: 'FUZZSTORJ', secretAccessKey: `${SECRET_KEY}S` }
      world.addKey({ ...keys, mayRead: true })
      const bucket = { ...storj({ bucket: 'photos', ...keys }), partRules: PART_RULES }
      return { bucket, links: linkshare({ accessKeyId: LINKSHARE }) }
    },
  },
  {
    name: 'routes',
    facts: {
      pageRoute: 'any',
      routes: {
        any: { maxSize: 5e9, type: /^/, key: /^any\/[0-9a-f]{32}\// },
        small: { maxSize: 11, type: /^/, key: /^small\/[0-9a-f]{32}(\.\w+)?$/ },
        images: { maxSize: 1e6, type: /^image\//i, key: /^images\/[0-9a-f]{32}(\.\w+)?$/ },
      },
      openTo: { bob: ['any', 'small'] },
    },
    make: () => ({
      disposition: 'inline',
      maxSize: '1TB',
      routes: {
        any: { maxSize: '5GB', key: '{route}/{id}/{name}' },
        small: { maxSize: 11, key: 'small/{id}{ext}' },
        images: { maxSize: '1MB', accept: 'image/*', key: 'images/{id}{ext}' },
      },
    }),
  },
  {
    name: 'default route',
    facts: {
      ...{ isGated: true, repeatsInBatch: true, defaultRoute: 'any', pageRoute: 'any' },
      receiptsOf: ['any'],
      discardsOf: ['any'],
      routes: {
        any: { maxSize: 5e9, type: /^/, key: /^[0-9a-f]{32}\// },
        text: { maxSize: 100, type: /^text\/plain/i, key: /^text\/[0-9a-f]{32}$/ },
      },
    },
    make: () => ({
      keepPaths: true,
      routes: {
        any: { receiptExpires: '1h', discardExpires: '1h' },
        text: { maxSize: 100, accept: 'text/plain', key: 'text/{id}' },
      },
      defaultRoute: 'any',
    }),
  },
  {
    name: 'open',
    facts: { isOpen: true, hasPrefixes: false },
    make: () => ({ authorize: 'everybody', disposition: 'inline' }),
  },
  {
    name: 'lists no parts',
    facts: { bases: { photos: 'https://photos.s3.us-east-1.amazonaws.com/' }, isGated: true },
    s3: { listsNoParts: true },
    make: ({ bucket }) => ({ bucket: bucket({ addressing: 'virtual-hosted' }) }),
  },
]

/** A hook that fails, as one with a mistake in it does. */
export function throwFault(world: World): never {
  world.incident.refusesOne = true
  throw new TypeError('A hook has a mistake.')
}

/** A hook that hands to the bucket whatever the page says. */
function storeWhatIsSaid({ meta, file }: StoredFile) {
  return { metadata: { ...meta, Name: file.name }, contentDisposition: 'inline' as const }
}
