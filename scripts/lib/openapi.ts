/** The protocol as an OpenAPI document, made of `schema/signer-v1.json`, which stays the source. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Json = { [name: string]: unknown }

/** Where it is written. */
export const OPENAPI_FILE = fileURLToPath(new URL('../../schema/openapi.json', import.meta.url))

const SCHEMA = new URL('../../schema/signer-v1.json', import.meta.url)

/** What each status is for, beyond 200: docs/signer-protocol.md, "What is refused". */
const REFUSALS: Record<string, string> = {
  400: 'Not a message of this protocol, or one of another version.',
  401: 'It is not known who calls.',
  403: 'The caller may not, or the page is not one of those that may ask.',
  405: 'Neither POST nor OPTIONS.',
  413: 'The body is too long: send fewer requests at a time.',
  415: 'The body is not application/json.',
  429: 'Too many calls.',
  500: "The signer's own trouble. Try again later.",
}

/**
 * The text of the document.
 *
 * @see https://spec.openapis.org/oas/v3.1.0 whose schemas are those of JSON Schema 2020-12
 */
export function openApi(): string {
  const { title, description, $defs } = JSON.parse(readFileSync(SCHEMA, 'utf8'))
  const components = { schemas: { ...$defs, SignerRequest: oneOfTheOps($defs.SignerRequest) } }
  const document = {
    openapi: '3.1.0',
    info: { title, description, version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    // A signer may be anywhere: this is where the documents have it.
    servers: [{ url: '{site}', variables: { site: { default: 'https://app.example' } } }],
    paths: { '/sign': { post: operation() } },
    components,
  }
  const text = JSON.stringify(document, undefined, 2)
  return `${text.replaceAll('"#/$defs/', '"#/components/schemas/')}\n`
}

function operation(): Json {
  return {
    operationId: 'sign',
    summary: 'Asks for presigned URLs, at most 1,000 at a time.',
    requestBody: { required: true, content: json('SignerRequestBody') },
    responses: {
      200: {
        description: 'Each request is answered or refused.',
        content: json('SignerResponseBody'),
      },
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          status,
          { description, ...headersOf(status), content: json('SignerErrorBody') },
        ]),
      ),
    },
  }
}

function headersOf(status: string): Json {
  if (status !== '429') return {}
  const schema = { type: 'integer', minimum: 1 }
  return { headers: { 'Retry-After': { description: 'Seconds to wait.', schema } } }
}

function json(name: string): Json {
  return { 'application/json': { schema: { $ref: `#/$defs/${name}` } } }
}

/** Tools that make code or data of the document know a discriminator, and no `if`. */
function oneOfTheOps({ description, allOf }: { description: string; allOf: Json[] }): Json {
  const ops = allOf.map(({ if: condition, then }) => {
    const { properties } = condition as { properties: { op: { const: string } } }
    return [properties.op.const, (then as { $ref: string }).$ref] as const
  })
  return {
    description,
    oneOf: ops.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: 'op', mapping: Object.fromEntries(ops) },
  }
}
