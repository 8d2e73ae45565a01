import * as http from 'node:http'

/** The variables that name a proxy. */
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']

/** What newer ones of Node.js have. */
interface ProxyApi {
  setGlobalProxyFromEnv?: (env: Record<string, string | undefined>) => void
}

/**
 * Sends all requests of this process through the proxy that the environment names, except for the
 * hosts in NO_PROXY.
 *
 * @param env of the process: a `.env` of a folder that came from elsewhere must not choose a proxy
 * @param tell gets a sentence where this Node.js cannot do so
 * @see https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function useProxy(
  env: Record<string, string | undefined>,
  tell: (sentence: string) => void,
  { setGlobalProxyFromEnv }: ProxyApi = http,
): void {
  const name = VARIABLES.find((variable) => env[variable])
  if (name === undefined) return
  if (setGlobalProxyFromEnv) setGlobalProxyFromEnv(env)
  else if (!isSetUp(env) || process.version.startsWith('v20.')) {
    tell(
      `${name} is set, and Node.js ${process.version} does not go through proxies by itself: see "Proxies" in the documents.`,
    )
  }
}

/** Node.js from 22.21 on does it by itself where it is told to. */
function isSetUp({ NODE_USE_ENV_PROXY, NODE_OPTIONS = '' }: Record<string, string | undefined>) {
  return NODE_USE_ENV_PROXY === '1' || NODE_OPTIONS.includes('--use-env-proxy')
}
