import { parseSize } from '../protocol/index.ts'
import { parseDuration } from '../util/duration.ts'
import type { Bucket } from './api/bucket.ts'
import type { Authorize } from './api/caller.ts'
import { checkOptions } from './api/check-options.ts'
import type { BucketSettings, Settings, SharedSettings, SignerSettings } from './api/context.ts'
import type { Hooks, LinkFunction, LinkKind, SignerConfig } from './api/options.ts'
import { memoryCounter } from './counters/memory.ts'
import { readOrigins } from './http/cors.ts'
import { keyFromTemplate } from './keys/key-template.ts'
import { keyWithName, keyWithPath } from './keys/new-key.ts'
import { presigned } from './links/strategies.ts'
import { toHeaders } from './object-options/to-headers.ts'
import { checkBucket, checkChecksum } from './providers/make-bucket.ts'
import { inRoute, ROUTE_OPTIONS, routesOf } from './rules/routes.ts'
import { readUploadLimits } from './rules/upload-limits.ts'
import { createGrants } from './sign/grant.ts'
import { checkExpiresIn } from './sign/presign.ts'
import { createReceipts, readSecrets } from './sign/receipt.ts'
import { checkExpireUnkept } from './unkept/tag.ts'

const OPTIONS = [
  ...ROUTE_OPTIONS,
  'bucket',
  'secret',
  'scope',
  'authorize',
  'routes',
  'defaultRoute',
  'limits',
  'counter',
  'uploadExpires',
  'downloadExpires',
  'disposition',
  'links',
  'origins',
  'rateLimit',
  'log',
  'onError',
  'fetch',
  'now',
]

/**
 * Checks a configuration and fills in the defaults.
 *
 * @param isOwn whether all files are the site's own, and may be shown whatever they are
 * @throws {Error} with a sentence that names the option which is missing, wrong or unknown
 */
export function readConfig(config: SignerConfig, { isOwn = false } = {}): SignerSettings {
  if (!config?.bucket)
    throw new Error('"bucket" is missing: make it with storj, qencode, ibmCos or s3.')
  checkOptions('createSigner', config, OPTIONS)
  const bucket = typeof config.bucket === 'function' ? config.bucket : checkBucket(config.bucket)
  const secrets = secretsOf({ ...config, bucket })
  const counting = readCounting(config)
  const read = (own: SignerConfig): Rules => {
    return { config: own, shared: { ...readRules(own, secrets), counting, isOwn }, secrets }
  }
  const rules = read(config)
  const routes = routesOf(config).map(([name, own]): [string, Rules] => {
    return [name, inRoute(name, () => read(own))]
  })
  const fit = (to: Bucket): BucketSettings => ({
    ...fitTo(to, rules),
    routes: new Map(routes.map(([name, own]) => [name, inRoute(name, () => fitTo(to, own, name))])),
    defaultRoute: config.defaultRoute,
  })
  if (typeof bucket !== 'function') {
    const settings = fit(bucket)
    return { ...rules.shared, settingsOf: () => settings }
  }
  const known = new WeakMap<Bucket, BucketSettings>()
  return {
    ...rules.shared,
    async settingsOf(caller) {
      const chosen = await bucket(caller)
      if (!chosen) throw new Error('"bucket" returned none for this caller.')
      const settings = known.get(chosen) ?? fit(checkBucket(chosen))
      known.set(chosen, settings)
      return settings
    },
  }
}

/** What is checked before there is a bucket: of a signer, or of one of its routes. */
interface Rules {
  config: SignerConfig
  shared: SharedSettings
  secrets: readonly string[]
}

function readRules(
  config: SignerConfig,
  secrets: readonly string[],
): Omit<SharedSettings, 'isOwn' | 'counting'> {
  const minSize = readOption('minSize', config.minSize ?? 0, parseSize)
  const maxSize = readOption('maxSize', config.maxSize ?? '5GB', parseSize)
  if (minSize > maxSize) throw new Error('"minSize" must not be larger than "maxSize".')
  const links = config.links ?? presigned()
  const disposition = config.disposition ?? 'attachment'
  if (disposition !== 'attachment' && disposition !== 'inline') {
    throw new Error('"disposition" must be "attachment" or "inline".')
  }
  const onError = withoutThrowing(config.onError ?? logWithout(config, secrets))
  return {
    minSize,
    maxSize,
    disposition,
    hasPlainLinks: typeof links === 'function' || links.signed !== true,
    overwrite: config.overwrite !== false,
    receiptExpires:
      config.receiptExpires === undefined
        ? undefined
        : readOption('receiptExpires', config.receiptExpires, parseDuration),
    discardExpires:
      config.discardExpires === undefined
        ? undefined
        : readOption('discardExpires', config.discardExpires, parseDuration),
    expireUnkept: config.expireUnkept === true,
    uploadExpires: readOption('uploadExpires', config.uploadExpires ?? '15m', parseDuration),
    downloadExpires: readOption('downloadExpires', config.downloadExpires ?? '1h', parseDuration),
    authorize: readAuthorize(config),
    key: readKey(config),
    accept: config.accept ?? [],
    acceptEncoding: readEncoding(config),
    allowsOrigin: readOrigins(config.origins ?? []),
    ...readHooks(config, onError),
    onError,
    // Looked up at each call, and called without a "this", which edge workers insist on.
    fetch: (url, init) => (config.fetch ?? globalThis.fetch)(url, init),
    now: config.now ?? (() => new Date()),
  }
}

/** Checks what hangs on the bucket. */
function fitTo(
  bucket: Bucket,
  { config, shared: rules, secrets }: Rules,
  route?: string,
): Settings {
  const { provider, endpoint, bucket: name } = bucket
  const scope = config.scope === undefined ? '' : ` ${config.scope}`
  checkExpiresIn(bucket, 'uploadExpires', rules.uploadExpires)
  checkExpiresIn(bucket, 'downloadExpires', rules.downloadExpires)
  checkOverwrite(bucket, rules)
  checkExpireUnkept(bucket, rules.expireUnkept)
  const { objectOptions } = config
  const checksum = checkChecksum(bucket, config.checksum)
  if (objectOptions !== undefined && typeof objectOptions !== 'function') {
    toHeaders(objectOptions, {
      bucket,
      name: 'a',
      now: rules.now(),
      hasChecksum: checksum !== undefined,
    })
  }
  return {
    ...rules,
    bucket,
    otherName: otherNameOf(bucket),
    grants: createGrants(secrets, `${provider} ${endpoint} ${name}${scope}`, route),
    receipts: createReceipts(secrets),
    checksum,
    link: readLinks(bucket, config.links ?? presigned()),
    objectOptions: typeof objectOptions === 'function' ? objectOptions : () => objectOptions,
  }
}

/** Made once: what is derived for signing is kept for as long as its bucket. */
function otherNameOf(bucket: Bucket): Bucket | undefined {
  if (!bucket.lanes?.includes('addressing')) return undefined
  return { ...bucket, addressing: bucket.addressing === 'path' ? 'virtual-hosted' : 'path' }
}

/** One for all routes: they count together. */
function readCounting(config: SignerConfig): SharedSettings['counting'] {
  const limits = readUploadLimits(config)
  const now = () => (config.now?.() ?? new Date()).getTime()
  return limits && { limits, counter: config.counter ?? memoryCounter(now) }
}

function readAuthorize({ authorize }: SignerConfig): Authorize {
  if (authorize === 'everybody') return () => ({})
  if (typeof authorize === 'function') return authorize
  throw new Error(
    '"authorize" is missing: a function that says who is calling, or "everybody" where anyone may upload.',
  )
}

function secretsOf({ secret, bucket }: SignerConfig): readonly string[] {
  if (secret === undefined) {
    if (typeof bucket !== 'function' && typeof bucket.credentials === 'object') {
      return [bucket.credentials.secretAccessKey]
    }
    throw new Error('"secret" is missing: it can only be made of the fixed keys of one bucket.')
  }
  return readSecrets(secret)
}

function readEncoding({ acceptEncoding }: SignerConfig): 'gzip' | undefined {
  if (acceptEncoding === undefined || acceptEncoding === 'gzip') return acceptEncoding
  throw new Error('"acceptEncoding" must be "gzip".')
}

function readKey({ key, keepPaths, overwrite }: SignerConfig): SharedSettings['key'] {
  if (key !== undefined && keepPaths) {
    throw new Error('"key" and "keepPaths" exclude each other.')
  }
  if (key === undefined) return keepPaths ? keyWithPath : keyWithName
  return typeof key === 'string' ? keyFromTemplate(key, overwrite === false) : key
}

/**
 * Takes the hooks out of a configuration.
 *
 * @param onError hears when `log` fails, which must not turn an answer into a rejection
 * @throws {Error} that names one which is no function
 */
function readHooks(config: Hooks, onError: (error: unknown) => void): Hooks {
  const { onSigned, onUploaded, status, onDiscard, rateLimit, log } = config
  const hooks = { onSigned, onUploaded, status, onDiscard, rateLimit, log }
  for (const [name, hook] of Object.entries(hooks)) {
    if (hook === undefined || typeof hook === 'function') continue
    throw new Error(`"${name}" must be a function.`)
  }
  if (!log) return hooks
  const logSafely: Hooks['log'] = (entry) => {
    try {
      log(entry)
    } catch (error) {
      onError(error)
    }
  }
  return { ...hooks, log: logSafely }
}

function readOption<V>(option: string, value: V, read: (value: V) => number): number {
  try {
    return read(value)
  } catch (error) {
    throw new RangeError(`"${option}": ${error instanceof Error ? error.message : error}`)
  }
}

function checkOverwrite(bucket: Bucket, { overwrite }: SharedSettings): void {
  if (overwrite || bucket.conditionalPut) return
  const remedy =
    bucket.provider === 's3' ? ' Where the server does, say "conditionalPut: true".' : ''
  throw new Error(`"overwrite": ${bucket.provider} is not known to take "If-None-Match".${remedy}`)
}

function readLinks(bucket: Bucket, links: LinkKind | LinkFunction): LinkFunction {
  if (typeof links === 'function') return links
  if (typeof links.open === 'function') return links.open(bucket)
  throw new Error(
    '"links" must be presigned(), linkshare(), publicUrl(), qencodeCdn() or a function.',
  )
}

/** A broken hook must not turn an answer into a rejection. */
function withoutThrowing(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error)
    } catch {
      // There is no one left to tell.
    }
  }
}

/** Logs messages only: a stack or a presigned URL in a log is a way in for those who read it. */
function logWithout(
  { bucket }: SignerConfig,
  secrets: readonly string[],
): (error: unknown) => void {
  const holders = typeof bucket === 'function' ? [] : [bucket.credentials, bucket.uploadKeys]
  const fixed = holders.flatMap((keys) =>
    typeof keys === 'object' ? [keys.secretAccessKey, keys.accessKeyId] : [],
  )
  return (error) => {
    let message = error instanceof Error ? error.message : String(error)
    for (const secret of [...fixed, ...secrets]) message = message.replaceAll(secret, '[secret]')
    console.error(`bucket-upload signer: ${message.replace(/https?:\/\/\S+/g, '[url]')}`)
  }
}
