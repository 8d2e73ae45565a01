import { LINKSHARE_ORIGIN, qencodeCdnHost } from '../../s3/providers.ts'
import type { LinkKindName } from '../../s3/service-facts.ts'
import { isoText } from '../../util/iso-date.ts'
import type { Bucket } from '../api/bucket.ts'
import { checkOptions } from '../api/check-options.ts'
import type { LinkKind } from '../api/options.ts'
import { encodeKey } from '../keys/key.ts'
import { keysOf } from '../sign/access-keys.ts'
import { signUrl } from '../sign/presign.ts'
import { bucketUrl } from '../sign/signing.ts'
import { contentDisposition } from './disposition.ts'

/**
 * Links to private objects that work until they expire, which is the default. The bucket answers with
 * the file's own name, and with its type where it is shown.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (response-content-*)
 */
export function presigned(): LinkKind {
  return {
    signed: true,
    open: (bucket) => (object) => {
      const { key, file, disposition, expiresIn, now } = object
      const query: Record<string, string> = {
        'response-content-disposition': contentDisposition(disposition, file.name),
      }
      if (disposition === 'inline' && file.type !== undefined) {
        query['response-content-type'] = file.type
      }
      const options = { method: 'GET', key, query, expiresIn, now } as const
      const keys = keysOf(bucket, now)
      // Waited for only where there is something to wait for: this runs for each file.
      if (!(keys instanceof Promise)) return signUrl(bucket, keys, options)
      return keys.then((current) => signUrl(bucket, current, options))
    },
  }
}

/** What {@link linkshare} takes. */
export interface LinkshareOptions {
  /**
   * Access key that was registered as public, for reading this bucket and nothing else. It is in
   * every link, so it must not be the one that the signer signs with.
   */
  accessKeyId: string
  /** `true` leads to a page of Storj's that shows the file; `false`, the default, to the file. */
  page?: boolean | undefined
  /** When the access ends (its `--not-after`), to be told to pages. By default it does not. */
  expiresAt?: Date | string | undefined
}

/**
 * Links of Storj's Linkshare. They need no signature, and work until the access that was shared ends
 * or is revoked.
 *
 * @see https://storj.dev/dcs/api/uplink-cli/share-command
 * @throws {Error} when an option is missing or wrong
 */
export function linkshare(options: LinkshareOptions): LinkKind {
  checkOptions('linkshare', options ?? {}, ['accessKeyId', 'page', 'expiresAt'])
  const { accessKeyId, page = false } = options ?? {}
  if (typeof accessKeyId !== 'string' || !/^[a-z2-7]{28}$/.test(accessKeyId)) {
    throw new Error(
      '"accessKeyId" of linkshare must be an access key that was registered as public: its 28 letters ' +
        'and digits are in the link that "uplink share --url" prints.',
    )
  }
  const expiresAt = options.expiresAt === undefined ? undefined : isoDate(options.expiresAt)
  return {
    open(bucket) {
      checkKind(bucket, 'linkshare')
      const { credentials, uploadKeys } = bucket
      const own = [credentials, uploadKeys].map(
        (keys) => typeof keys === 'object' && keys.accessKeyId,
      )
      if (own.includes(accessKeyId)) {
        throw new Error(
          '"accessKeyId" of linkshare is the one of the bucket. It would be in every link, and ' +
            'anyone with a link could do what the signer can. Register another one for reading only.',
        )
      }
      const base = `${LINKSHARE_ORIGIN}/${page ? 's' : 'raw'}/${accessKeyId}/${bucket.bucket}/`
      return ({ key, disposition }) => {
        const download = !page && disposition === 'attachment' ? '?download' : ''
        return { url: `${base}${encodeKey(key)}${download}`, expiresAt }
      }
    },
  }
}

/** What {@link publicUrl} takes. */
export interface PublicUrlOptions {
  /** What goes before the key, for example `https://files.example.com/`. By default the bucket's own address. */
  base?: string | undefined
}

/**
 * The plain address of a public object. Everybody can read what is there, for ever. Making the bucket
 * public is up to you: on IBM with a Public Access group and the role Object Reader.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-iam-public-access
 * @throws {Error} when `base` is not an address
 */
export function publicUrl(options: PublicUrlOptions = {}): LinkKind {
  checkOptions('publicUrl', options, ['base'])
  const { base } = options
  const given = base === undefined ? undefined : readBase(base)
  return {
    open(bucket) {
      if (given === undefined) checkKind(bucket, 'public')
      const start = given ?? bucketUrl(bucket).href
      return ({ key }) => `${start}${encodeKey(key)}`
    },
  }
}

/**
 * The address at Qencode's CDN. Its policy is public by default: everybody who has the address can
 * read the object, for ever, unless the bucket is set to `authenticated`. Then these links do not work.
 *
 * @see https://docs.qencode.com/api-reference/cdn
 */
export function qencodeCdn(): LinkKind {
  return {
    open(bucket) {
      checkKind(bucket, 'qencode-cdn')
      if (bucket.bucket.includes('.')) {
        throw new Error(
          `"bucket" is "${bucket.bucket}": certificates of the CDN do not cover a name with a dot.`,
        )
      }
      const host = qencodeCdnHost(bucket.bucket, bucket.region)
      return ({ key }) => `https://${host}/${encodeKey(key)}`
    },
  }
}

/** How each kind is written. */
const FUNCTIONS: Record<LinkKindName, string> = {
  presigned: 'presigned()',
  public: 'publicUrl()',
  linkshare: 'linkshare({ accessKeyId })',
  'qencode-cdn': 'qencodeCdn()',
}

function checkKind({ provider, endpoint, links }: Bucket, kind: LinkKindName): void {
  if (links.includes(kind)) return
  const others = links.map((each) => FUNCTIONS[each])
  const base = kind === 'public' ? ', or publicUrl({ base }) with an address of your own' : ''
  throw new Error(
    `"links": ${provider} has no ${FUNCTIONS[kind]} at ${endpoint}. Use ${others.join(' or ')}${base}.`,
  )
}

function readBase(base: string): string {
  const url = typeof base === 'string' && URL.canParse(base) ? new URL(base) : undefined
  const isBase =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    `${url.search}${url.hash}${url.username}${url.password}` === ''
  if (!isBase) {
    throw new Error('"base" of publicUrl must be an address such as "https://files.example.com/".')
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/**
 * A moment as an ISO 8601 date.
 *
 * @throws {Error} when it is none
 */
export function isoDate(moment: Date | string): string {
  const time = typeof moment === 'string' ? Date.parse(moment) : new Date(moment).getTime()
  if (Number.isNaN(time)) throw new Error('"expiresAt" of a link must be a date.')
  return isoText(time)
}
