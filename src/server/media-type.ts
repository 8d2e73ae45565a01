/** The media type for bytes of which nothing is known. */
export const UNKNOWN_TYPE = 'application/octet-stream'

// RFC 6838, section 4.2 for the names; parameters by RFC 9110, section 5.6.6, without quoted text.
const NAME = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}'
const MEDIA_TYPE = new RegExp(`^${NAME}/${NAME}(; ?[a-z0-9-]+=[a-z0-9!#$&^_.+-]+){0,4}$`, 'i')

/**
 * The media type that a client names, if it looks like one; otherwise `application/octet-stream`.
 * It ends up in a header and in a signature, where stray characters do harm.
 */
export function cleanMediaType(type: string): string {
  return type.length <= 255 && MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE
}

/**
 * Whether a browser would run scripts in a document of this type. Such a file is saved and never
 * shown: what a stranger uploads should not run under the bucket's origin.
 */
export function canRunScript(type: string): boolean {
  return /^(text\/html|[^;]*[/+]xml|text\/xsl)($|;)/i.test(type)
}
