/**
 * The little XML that S3's multipart operations speak: flat elements without attributes of interest.
 * A parser would be many times the size of the signer.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html for the largest of them
 */

/** The name of the outermost element, or "" if the text is no XML. White space may come first. */
export function rootOf(xml: string): string {
  return /^\s*(?:<\?[^>]*>\s*)?<(\w+)[\s/>]/.exec(xml)?.[1] ?? ''
}

/** The inner XML of every element of that name. */
export function elements(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([^]*?)</${name}>`, 'g')
  return [...xml.matchAll(pattern)].map((match) => match[1] ?? '')
}

/** The text of the first element of that name; "" if there is none. */
export function textOf(xml: string, name: string): string {
  return unescapeXml(elements(xml, name)[0] ?? '')
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Each reference is read once, so that `&amp;lt;` becomes `&lt;`. What is none stays as it is. */
function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
