import type { ConsoleMessageType, Page } from 'puppeteer-core'

/** What went wrong in a page so far, one line each, and the origins it asked for anything. */
export interface PageWatch {
  complaints: string[]
  origins: Set<string>
}

/**
 * Watches a page from now on: its console, exceptions that nobody caught, and requests that failed.
 *
 * @param levels what of the console is a complaint
 */
export function watch(page: Page, levels: ConsoleMessageType[] = ['warn', 'error']): PageWatch {
  const watched: PageWatch = { complaints: [], origins: new Set() }
  const complain = (line: string) => watched.complaints.push(line)
  page.on('console', (message) => {
    const { url = '' } = message.location()
    if (levels.includes(message.type())) complain(`${message.type()}: ${message.text()} ${url}`)
  })
  page.on('pageerror', (error) => complain(String(error)))
  page.on('requestfailed', (request) => {
    const { errorText = '' } = request.failure() ?? {}
    // Of a film, only what its picture needs is read.
    if (errorText === 'net::ERR_ABORTED' && request.url().startsWith('blob:')) return
    complain(`${errorText}: ${request.method()} ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.status()}: ${response.url()}`)
  })
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    // A data: or blob: URL is no request to anybody.
    if (/^(https?|wss?):$/.test(protocol)) watched.origins.add(origin)
  })
  return watched
}
