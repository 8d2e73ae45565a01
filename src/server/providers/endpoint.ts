/**
 * Reduces an endpoint to an origin.
 *
 * @param allowHttp whether plain HTTP is wanted also where it leaves this computer
 * @throws {Error} with a sentence on what is wrong with it
 */
export function readEndpoint(endpoint: unknown, allowHttp = false): string {
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const isOrigin =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    `${url.pathname}${url.search}${url.hash}${url.username}${url.password}` === '/'
  if (!isOrigin) {
    throw new Error(
      `"endpoint" is "${withoutPassword(endpoint, url)}", which is not the origin of a server. ` +
        'Write it as "https://s3.example.com", without the bucket or a path.',
    )
  }
  if (url.protocol === 'https:' || allowHttp || isLoopback(url.hostname)) return url.origin
  throw new Error(
    `"endpoint" is "${endpoint}": by plain HTTP everybody on the way can read the files and the ` +
      'URLs. Write "https://", or say that you want it: "allowHttp: true".',
  )
}

/** What was typed may end up in a log. */
function withoutPassword(endpoint: unknown, url: URL | undefined): string {
  return url && `${url.username}${url.password}` !== ''
    ? `${url.protocol}//…@${url.host}`
    : `${endpoint}`
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)
}

/** Whether a host is an address, before which no bucket's name can stand. */
export function isAddress(host: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/.test(host)
}
