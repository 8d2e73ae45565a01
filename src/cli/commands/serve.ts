import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { isIP } from 'node:net'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../../protocol/index.ts'
import { nodeListener } from '../../server/http/node.ts'
import {
  type Bucket,
  createSigner,
  type Disposition,
  type Signer,
  type SignerConfig,
} from '../../server/index.ts'
import { parseAddress } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { CliError, settingsError, usageError } from '../frame/cli-error.ts'
import {
  type Command,
  EXIT,
  type Io,
  listOption,
  textOption,
  type Values,
} from '../frame/command.ts'

/** A signer for local work. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'run a signer for local work',
  usage: ['serve [s3://bucket] [--port 3000] [--origin https://app.example] [--max-size 25MB]'],
  about:
    'All who reach it may upload, so it listens on this machine only, and answers pages of this\nmachine and of the origins that are named. Without an address it is BUCKET_UPLOAD_BUCKET.',
  options: {
    port: {
      type: 'string',
      value: 'PORT',
      help: 'port to listen on (3000); 0 is any that is free',
    },
    host: { type: 'string', value: 'HOST', help: 'address to listen on (127.0.0.1)' },
    origin: {
      type: 'string',
      multiple: true,
      value: 'ORIGIN',
      help: 'a page elsewhere that may call, or "*"; may be given more than once',
    },
    accept: { type: 'string', value: 'TYPES', help: 'what may be uploaded, as image/*,.pdf' },
    'min-size': { type: 'string', value: 'SIZE', help: 'the smallest file, as 1kB' },
    'max-size': { type: 'string', value: 'SIZE', help: 'the largest file, as 25MB (5GB)' },
    prefix: { type: 'string', value: 'PREFIX', help: 'begins every key, as uploads/' },
    'keep-paths': { type: 'boolean', help: 'keep the folders of files in their keys' },
    'upload-expires': {
      type: 'string',
      value: 'DURATION',
      help: 'how long upload URLs work (15m)',
    },
    'download-expires': { type: 'string', value: 'DURATION', help: 'how long links work (1h)' },
    checksum: { type: 'string', value: 'NAME', help: `one of: ${CHECKSUM_ALGORITHMS.join(', ')}` },
    disposition: { type: 'string', value: 'HOW', help: 'links save (attachment) or show (inline)' },
    ...TARGET_OPTIONS,
  },
  async run(values, [text, ...more], io) {
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const port = readPort(textOption(values, 'port'))
    const host = textOption(values, 'host') ?? '127.0.0.1'
    const bucket = await findBucket(readBucket(text, io), values, io)
    const signer = makeSigner({ bucket, authorize: 'everybody', ...readConfig(values, bucket) })
    const server = createServer(nodeListener(guardHost(signer, host)))
    const url = await listen(server, port, host)
    if (io.json) io.out(JSON.stringify({ url, bucket: bucket.bucket, endpoint: bucket.endpoint }))
    else {
      io.out(url)
      io.err(`Signs uploads to "${bucket.bucket}" at ${bucket.endpoint}. Press Ctrl-C to stop.`)
    }
    if (!isLoopback(host)) {
      io.err(`${io.style('yellow', 'Note:')} everybody who reaches ${host} may upload.`)
    }
    await stopped(io.signal)
    server.close()
    server.closeAllConnections()
    return EXIT.ok
  },
}

function readPort(text = '3000'): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw usageError('bad-option', `"--port" is "${text}": write a number from 0 to 65535.`)
}

function readBucket(text: string | undefined, { env }: Io): string {
  const name = text ?? env.BUCKET_UPLOAD_BUCKET
  if (!name) {
    throw usageError(
      'missing-argument',
      'The bucket is missing: write it as "s3://bucket", or set BUCKET_UPLOAD_BUCKET.',
    )
  }
  if (text === undefined) return name
  const { bucket, key } = parseAddress(text)
  if (key === '') return bucket
  throw usageError('bad-address', `"${text}" has a key: write "s3://${bucket} --prefix ${key}".`)
}

function readConfig(values: Values, { credentials }: Bucket): Partial<SignerConfig> {
  const origins = listOption(values, 'origin')
  const prefix = textOption(values, 'prefix')
  const listed = new Set(origins.map((origin) => origin.replace(/\/$/, '')))
  for (const origin of listed) checkOrigin(origin)
  return {
    // Keys that change cannot be what grants are signed with: those end with this process.
    ...(typeof credentials === 'function' ? { secret: randomUUID() } : {}),
    origins: listed.has('*') ? '*' : (origin) => listed.has(origin) || isLocalPage(origin),
    accept: textOption(values, 'accept'),
    minSize: textOption(values, 'min-size'),
    maxSize: textOption(values, 'max-size'),
    keepPaths: values['keep-paths'] === true,
    uploadExpires: textOption(values, 'upload-expires'),
    downloadExpires: textOption(values, 'download-expires'),
    checksum: textOption(values, 'checksum') as ChecksumAlgorithm | undefined,
    disposition: textOption(values, 'disposition') as Disposition | undefined,
    ...(prefix === undefined ? {} : { authorize: () => ({ prefix }) }),
  }
}

function checkOrigin(origin: string): void {
  if (origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin)) return
  throw usageError(
    'bad-option',
    `"--origin" is "${origin}", which is not an origin: write it as "https://app.example".`,
  )
}

/** The configuration names its options as `maxSize`; here they are called `--max-size`. */
function makeSigner(config: SignerConfig): Signer {
  try {
    return createSigner(config)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const words = message.replace(
      /"((?:min|max)Size|(?:up|down)loadExpires|keepPaths|checksum|disposition)"/g,
      (_, name: string) => `"--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}"`,
    )
    throw settingsError('bad-setting', words)
  }
}

/**
 * A page that lets its own name lead to this machine would be of the signer's own host, and so be let
 * in: only the names of this machine are answered.
 */
function guardHost(signer: Signer, host: string): Signer {
  return async (request) => {
    const name = unbracket(new URL(request.url).hostname)
    // An address cannot be made to lead elsewhere; a name can.
    if (isLoopback(name) || name === host || (isIP(name) && !isLoopback(host)))
      return signer(request)
    const message = 'This signer answers only to the names of this machine.'
    return Response.json({ error: { code: 'forbidden', message } }, { status: 403 })
  }
}

function isLocalPage(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}

function isLoopback(host: string): boolean {
  const name = unbracket(host)
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    /^127(?:\.\d+){3}$/.test(name)
  )
}

function unbracket(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.on('error', ({ code }: NodeJS.ErrnoException) => {
      const what =
        code === 'EADDRINUSE' ? `The port ${port} is in use` : `${host} cannot be used (${code})`
      reject(new CliError('cannot-listen', `${what}: choose another with "--port" or "--host".`))
    })
    server.listen(port, host, () => {
      const address = server.address()
      const used = typeof address === 'object' ? address?.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${used}/`)
    })
  })
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
