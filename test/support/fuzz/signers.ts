/** The signers at which hostile requests are thrown: each way to set one up that a request can reach. */
import { publicUrl, type SignerConfig, type StoredFile, s3 } from '../../../src/server/index.ts'

export const SECRET = 'a secret that signs the grants'
const ACCESS_KEY = 'FUZZACCESSKEY'
export const SECRET_KEY = 'FUZZ/SECRET+KEY/NEVER/SEEN'
export const USERS = ['ann', 'bob'] as const
export const prefixOf = (user: string) => `users/${user}/`

export const BUCKET = s3({ bucket: 'photos', accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY })

/** What each signer does differently. */
export const CONFIGS: Partial<SignerConfig>[] = [
  {},
  { keepPaths: true, disposition: 'inline' },
  { checksum: 'sha256', maxSize: '1TB', accept: ['image/*', '.txt'] },
  // Hooks that believe the client: the signer itself has to hold then.
  { key: ({ prefix, file }) => `${prefix}${file.name}` },
  { key: ({ file }) => file.path ?? file.name },
  { key: ({ prefix, meta }) => `${prefix}${meta.album}` },
  { key: '{user}/{date}/{path}/{id}{ext}', overwrite: false },
  { key: '{name}', overwrite: false, store: storeWhatIsSaid },
  {
    links: publicUrl({ base: 'https://files.example/' }),
    store: { cacheControl: 'max-age=60', storageClass: 'STANDARD_IA' },
  },
  { links: ({ key, file }) => `https://cdn.example/${encodeURIComponent(key)}?as=${file.type}` },
  { authorize: (request) => allowed(request, { maxFiles: 3 }), rateLimit: slowDownLists },
]

/** A hook that hands to the bucket whatever the page says. */
function storeWhatIsSaid({ meta, file }: StoredFile) {
  return { metadata: { ...meta, Name: file.name }, disposition: 'inline' as const }
}

/** Lets users in, each below a prefix of their own. */
export function allowed(request: Request, limits: { maxFiles?: number } = {}) {
  const user = request.headers.get('user')
  return user !== null && { user, prefix: prefixOf(user), ...limits }
}

function slowDownLists({ requests }: { requests: number }): number {
  return requests > 20 ? 2.5 : 0
}
