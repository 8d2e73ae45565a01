import type { Bucket, ObjectOptions } from '../../server/index.ts'
import { toHeaders } from '../../server/internal.ts'
import { usageError } from '../frame/cli-error.ts'
import { listOption, type Option, textOption, type Values } from '../frame/command.ts'

/** The options for what is stored with an object. */
export const STORED_OPTIONS: Readonly<Record<string, Option>> = {
  'cache-control': { type: 'string', value: 'TEXT', help: 'store this, as "public, max-age=3600"' },
  'content-disposition': {
    type: 'string',
    value: 'HOW',
    help: 'store that a browser saves it (attachment) or shows it (inline)',
  },
  meta: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'store this as metadata; may be given more than once',
  },
}

/** What is stored with an object, as `objectOptions` of a signer says it. */
export type Stored = Pick<ObjectOptions, 'cacheControl' | 'contentDisposition' | 'metadata'>

/**
 * Reads what is to be stored with an object.
 *
 * @throws {CliError} `bad-option`
 */
export function readStored(values: Values): Stored {
  const cacheControl = textOption(values, 'cache-control')
  const contentDisposition = textOption(values, 'content-disposition')
  if (
    contentDisposition !== undefined &&
    contentDisposition !== 'attachment' &&
    contentDisposition !== 'inline'
  ) {
    throw usageError(
      'bad-option',
      `"--content-disposition" is "${contentDisposition}": write "attachment" or "inline". The name follows from the file.`,
    )
  }
  const metadata = Object.fromEntries(
    listOption(values, 'meta').map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (name !== undefined && value !== undefined) return [name, value]
      throw usageError('bad-option', `"--meta" is "${text}": write it as "name=value".`)
    }),
  )
  return {
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(contentDisposition === undefined ? {} : { contentDisposition }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  }
}

/**
 * What is to be stored, as headers.
 *
 * @param name of the file
 * @throws {CliError} `bad-option` for what cannot be stored
 */
export function storedHeadersOf(
  stored: Stored,
  bucket: Bucket,
  name: string,
): Record<string, string> {
  try {
    return toHeaders(stored, { bucket, name, now: new Date(), hasChecksum: false })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw usageError('bad-option', message.replace('"cacheControl"', '"--cache-control"'))
  }
}
