import { parseSize } from '../../protocol/index.ts'
import { type Bucket, type Presigned, type PresignOptions, presign } from '../../server/index.ts'
import { contentDisposition } from '../../server/internal.ts'
import { readType } from '../bucket/content-type.ts'
import { checkLifetime, EXPIRES_IN, readLifetime, tellEnd } from '../bucket/lifetime.ts'
import { parseObject } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, textOption, type Values } from '../frame/command.ts'
import { curlCommand } from '../frame/quote.ts'

/** Makes a presigned URL. */
export const presignCommand: Command = {
  name: 'presign',
  summary: 'make a URL that uploads or downloads one object, for a while',
  usage: [
    'presign put s3://bucket/key [--expires-in 15m] [--content-type TYPE] [--size SIZE] [--curl]',
    'presign get s3://bucket/key [--expires-in 7d] [--download-name NAME] [--inline] [--curl]',
  ],
  about:
    'People who have the URL can use it, as often as they like, until it expires. Nothing is sent:\nwhether the object is there, and whether the keys may do it, shows when the URL is used.',
  options: {
    'expires-in': EXPIRES_IN,
    'content-type': {
      type: 'string',
      value: 'TYPE',
      help: 'put: the only type that may be sent; get: the type to answer with',
    },
    size: { type: 'string', value: 'SIZE', help: 'put: the only size that may be sent, as 25MB' },
    'download-name': { type: 'string', value: 'NAME', help: 'get: save it under this name' },
    inline: { type: 'boolean', help: 'get: show it in the browser instead of saving it' },
    curl: { type: 'boolean', help: 'print the whole command, with curl' },
    file: { type: 'string', value: 'FILE', help: 'with --curl: the file to send or to write' },
    ...TARGET_OPTIONS,
  },
  async run(values, [verb, text, ...more], io) {
    const isPut = readVerb(verb, values)
    const { bucket: name, key } = parseObject(text)
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const expiresIn = readLifetime(values)
    const signed = isPut ? readPut(values) : readGet(values, key)
    const bucket = await findBucket(name, values, io)
    checkLifetime(bucket, expiresIn)
    const method = isPut ? 'PUT' : 'GET'
    const options = { ...signed, method, key, expiresIn, now: new Date() } as const
    const { url, expiresAt } = await presign(bucket, options)
    await tellEnd(bucket, expiresIn, io)
    print({ url, expiresAt, method, key, headers: signed.headers }, bucket, values, io)
    return EXIT.ok
  },
}

function readVerb(verb: string | undefined, values: Values): boolean {
  const isPut = verb === 'put'
  if (!isPut && verb !== 'get') {
    const what = verb === undefined ? 'Say what the URL is for' : `"${verb}" is neither put nor get`
    throw usageError(
      'bad-argument',
      `${what}: "presign put" makes one for an upload, "presign get" one for a download.`,
    )
  }
  for (const option of isPut ? ['download-name', 'inline'] : ['size']) {
    if (values[option] === undefined) continue
    const other = isPut ? 'get' : 'put'
    throw usageError('bad-option', `"--${option}" is for "presign ${other}": leave it out here.`)
  }
  if (values.file !== undefined && !values.curl) {
    throw usageError('bad-option', '"--file" is for the command of curl: add "--curl".')
  }
  return isPut
}

/** What is signed besides method and key. */
type Signed = Required<Pick<PresignOptions, 'headers' | 'query'>>

function readPut(values: Values): Signed {
  const type = readType(values)
  const size = readSize(textOption(values, 'size'))
  return {
    query: {},
    headers: {
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...(size === undefined ? {} : { 'Content-Length': String(size) }),
    },
  }
}

/** With nothing asked for, the answer is as the object is: what aws-cli signs. */
function readGet(values: Values, key: string): Signed {
  const query: Record<string, string> = {}
  const wished = textOption(values, 'download-name')
  if (wished !== undefined || values.inline) {
    const name = wished ?? key.slice(key.lastIndexOf('/') + 1)
    const disposition = values.inline ? 'inline' : 'attachment'
    query['response-content-disposition'] = contentDisposition(disposition, name)
  }
  const type = readType(values)
  if (type !== undefined) query['response-content-type'] = type
  return { query, headers: {} }
}

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    return parseSize(text)
  } catch (error) {
    throw usageError('bad-option', `"--size": ${error instanceof Error ? error.message : error}`)
  }
}

interface Made extends Presigned {
  method: 'PUT' | 'GET'
  key: string
  headers: Record<string, string>
}

function print(made: Made, bucket: Bucket, values: Values, io: Io): void {
  const { method, url, key, expiresAt } = made
  // curl sends the length of the file by itself.
  const { 'Content-Length': length, ...headers } = made.headers
  const file = textOption(values, 'file') ?? key.split('/').findLast((part) => part !== '') ?? key
  const transfer = method === 'PUT' ? '--upload-file' : '--output'
  const curl = curlCommand(url, [transfer, file], headers)
  if (io.json) {
    const size = length === undefined ? {} : { size: Number(length) }
    const what = { bucket: bucket.bucket, key, method, url, headers, ...size, expiresAt }
    io.out(JSON.stringify({ ...what, ...(values.curl ? { curl } : {}) }))
  } else {
    io.out(values.curl ? curl : url)
  }
}
