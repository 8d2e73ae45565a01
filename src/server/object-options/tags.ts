import { SignerError } from '../api/signer-error.ts'
import { encodeRfc3986 } from '../keys/key.ts'

/** The limits of S3: how many, and characters. */
const MOST = 10
const NAME = 128
const VALUE = 256

/**
 * Tags as the header that has the bucket keep them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html for the limits
 * @throws {SignerError} `bad-request` for what cannot be a tag, as it may come from a page
 */
export function tagsHeader(tags: Record<string, string>): Record<string, string> {
  const entries = Object.entries(tags)
  if (entries.length > MOST) throw refused(`An object has at most ${MOST} tags.`)
  for (const [name, value] of entries) {
    if (!isTag(name, NAME) || name === '') {
      throw refused(
        `The name of a tag must be 1 to ${NAME} letters, digits, spaces and + - = . _ : / @.`,
      )
    }
    if (typeof value === 'string' && isTag(value, VALUE)) continue
    throw refused(
      `A tag's value must be at most ${VALUE} letters, digits, spaces and + - = . _ : / @.`,
    )
  }
  if (entries.length === 0) return {}
  const pairs = entries.map((pair) => pair.map(encodeRfc3986).join('='))
  return { 'x-amz-tagging': pairs.join('&') }
}

/** Letters of every script, as S3 allows them. */
function isTag(text: string, most: number): boolean {
  return [...text].length <= most && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)
}

function refused(message: string): SignerError {
  return new SignerError('bad-request', message)
}

/**
 * The same as the field of a form, which is XML. No character of a tag has a meaning in XML.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function tagsField(header: string): string {
  const tags = header.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=').map(decodeURIComponent)
    return `<Tag><Key>${name}</Key><Value>${value}</Value></Tag>`
  })
  return `<Tagging><TagSet>${tags.join('')}</TagSet></Tagging>`
}
