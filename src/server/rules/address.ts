const FOUR = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/

/**
 * The network that counts as one caller: an address of IPv4, or the first 64 bits of one of IPv6, all
 * of which one customer has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6177
 * @throws {Error} for what is no address
 */
export function networkOf(address: string): string {
  const text = String(address)
    .trim()
    .replace(/^(.*:.*)%.*$/, '$1')
  if (FOUR.test(text) && URL.canParse(`http://${text}`)) return text
  const url = `http://[${text}]`
  if (!/^[\da-f.]*:[\da-f.:]*$/i.test(text) || !URL.canParse(url)) {
    throw new Error('"address" of authorize must be an IP address.')
  }
  const host = new URL(url).hostname
  const [front = '', back] = host.slice(1, -1).split('::')
  const groups = front === '' ? [] : front.split(':')
  const last = back === undefined || back === '' ? [] : back.split(':')
  if (back !== undefined) while (groups.length + last.length < 8) groups.push('0')
  const all = [...groups, ...last]
  // ::ffff:192.0.2.1 is an address of IPv4.
  if (all.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return fourOf(all.slice(6))
  return `${all.slice(0, 4).join(':')}::/64`
}

function fourOf(groups: string[]): string {
  const numbers = groups.map((group) => Number.parseInt(group, 16))
  return numbers.flatMap((number) => [number >> 8, number & 255]).join('.')
}
