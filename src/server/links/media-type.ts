/** The media type for bytes of which nothing is known. */
export const UNKNOWN_TYPE = 'application/octet-stream'

// RFC 6838, section 4.2 for the names; parameters by RFC 9110, section 5.6.6, without quoted text.
const NAME = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}'
const MEDIA_TYPE = new RegExp(`^(${NAME})/(${NAME})(; ?[a-z0-9-]+=[a-z0-9!#$&^_.+-]+){0,4}$`, 'i')

/**
 * The top-level types that a file can be of. `multipart` is not among them: browsers take such a file
 * apart, into documents of other types.
 *
 * @see https://www.iana.org/assignments/top-level-media-types/top-level-media-types.xhtml
 */
const TOP_LEVEL = /^(application|audio|font|haptics|image|message|model|text|video)$/i

/**
 * The media type that a client names, if it is one; otherwise `application/octet-stream`. It ends up
 * in a header and in a signature, where stray characters do harm. Of a type that is none, such as
 * `unknown/unknown` or `application/unknown`, a browser makes what the bytes look like: a page, maybe.
 *
 * @see https://mimesniff.spec.whatwg.org/#mime-type-sniffing-algorithm
 */
export function cleanMediaType(type: string): string {
  const [whole, top = '', sub = ''] = (type.length <= 255 && MEDIA_TYPE.exec(type)) || []
  if (whole === undefined || !TOP_LEVEL.test(top) || /^unknown$/i.test(sub)) return UNKNOWN_TYPE
  return whole
}

/** Types that a browser shows, and in which nothing can run. */
const HARMLESS: Record<string, string> = {
  image:
    'apng avif bmp gif heic heif jp2 jpeg jpg jxl pjpeg png tiff vnd.microsoft.icon webp x-icon',
  audio: '3gpp aac ac3 flac midi mp3 mp4 mpeg ogg opus vorbis wav webm x-flac x-m4a x-wav',
  video: '3gpp h264 mp4 mpeg ogg quicktime webm x-m4v x-matroska x-msvideo',
  application: 'pdf',
  text: 'plain',
}

const SHOWN = new Set(
  Object.entries(HARMLESS).flatMap(([top, subs]) => subs.split(' ').map((sub) => `${top}/${sub}`)),
)

/**
 * Whether a browser may show a file of this type under the bucket's origin: only types that are known
 * to be harmless. What a stranger uploads, as a page, a drawing in SVG or something unheard of, must
 * not run there, so it is saved.
 */
export function mayBeShown(type: string): boolean {
  const [essence = ''] = type.toLowerCase().split(';')
  return SHOWN.has(essence.trim())
}
