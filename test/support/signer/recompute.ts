import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'

import type { Keys } from '../../../src/server/api/bucket.ts'

/** Keys for tests only. */
export const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

/**
 * Signs what a presigned URL asks for once more, with the signer of the AWS SDK. It reads the URL as
 * a server would: path and query from the text, the date and the lifetime from the query.
 *
 * @returns the signature in the URL, and the one that it should have
 */
export async function recompute(
  presigned: string,
  request: {
    method: string
    region: string
    headers?: Record<string, string>
    /** Those of {@link CREDENTIALS}, unless it says otherwise. */
    keys?: Keys
  },
): Promise<{ actual: string | undefined; expected: string | undefined }> {
  const url = new URL(presigned)
  const query = parseQuery(url.search)
  const signed = (query['X-Amz-SignedHeaders'] ?? '').split(';')
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).filter(([name]) => signed.includes(name.toLowerCase())),
  )
  const { accessKeyId, secretAccessKey, sessionToken }: Keys = request.keys ?? CREDENTIALS
  const signer = new SignatureV4({
    service: 's3',
    region: request.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  })
  const again = await signer.presign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port ? { port: Number(url.port) } : {}),
      path: url.pathname,
      query: Object.fromEntries(
        Object.entries(query).filter(([name]) => !AUTHENTICATION.test(name)),
      ),
      // Says that the payload is not signed. It is neither sent nor part of the signature.
      headers: { ...headers, host: url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    {
      signingDate: parseDate(query['X-Amz-Date'] ?? ''),
      expiresIn: Number(query['X-Amz-Expires']),
      signableHeaders: new Set(Object.keys(headers).map((name) => name.toLowerCase())),
      unsignableHeaders: new Set(['x-amz-content-sha256']),
      // Else it would move what begins with x-amz- into the query.
      unhoistableHeaders: new Set(['x-amz-content-sha256', ...signed]),
    },
  )
  const expected = again.query?.['X-Amz-Signature']
  return { actual: query['X-Amz-Signature'], expected: String(expected) }
}

const AUTHENTICATION =
  /^X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|SignedHeaders|Signature)$/

// By hand, since URLSearchParams reads "+" as a space and a server may not.
function parseQuery(search: string): Record<string, string> {
  const pairs = search.slice(1).split('&')
  return Object.fromEntries(
    pairs.map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]),
  )
}

function parseDate(text: string): Date {
  return new Date(text.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
}
