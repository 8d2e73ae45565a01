/** How long to wait for the answer, in ms. */
const TIMEOUT = 10_000

/**
 * The ETag of an object, without quotes. `undefined` if there is none, or if CORS hides it.
 *
 * @param downloadUrl may also lead to a page, whose ETag is another
 */
export async function objectEtag(downloadUrl: string): Promise<string | undefined> {
  try {
    const answer = await fetch(downloadUrl, {
      headers: { Range: 'bytes=0-0' },
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    await answer.body?.cancel()
    return answer.headers.get('ETag')?.replaceAll('"', '')
  } catch {
    return undefined
  }
}
