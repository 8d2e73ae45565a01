/** Compares messages between browser and signer with `schema/signer-v1.json`. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FetchHandler } from '../../../src/server/http/node.ts'

/** A message that the schema describes. */
export type Message = 'SignerRequestBody' | 'SignerResponseBody' | 'SignerErrorBody'

type Schema = { [keyword: string]: unknown; properties?: object }

/** The schema, as it is published. */
export const SCHEMA: Schema & { $id: string; $defs: Record<string, Schema> } = JSON.parse(
  readFileSync(new URL('../../../schema/signer-v1.json', import.meta.url), 'utf8'),
)

/** These two only choose among others, whose fields they do not know. */
const CHOICES = ['SignerRequest', 'SignerResponse']

/** As the schema, but without room for fields that it does not name: for what we send ourselves. */
function closed(): Schema {
  const definitions = Object.entries(SCHEMA.$defs).map(([name, schema]) => {
    const open = !schema.properties || CHOICES.includes(name)
    return [name, open ? schema : { ...schema, additionalProperties: false }]
  })
  return { ...SCHEMA, $id: `${SCHEMA.$id}:closed`, $defs: Object.fromEntries(definitions) }
}

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
})
ajv.addSchema(SCHEMA)
ajv.addSchema(closed())

/**
 * Where a message breaks the schema: one sentence each.
 *
 * @param ours whether we made it: then it must have no field that the schema does not name
 */
export function wireFaults(message: Message, body: unknown, { ours = true } = {}): string[] {
  const validate = ajv.getSchema(`${SCHEMA.$id}${ours ? ':closed' : ''}#/$defs/${message}`)
  if (!validate) throw new Error(`The schema has no ${message}.`)
  if (validate(body)) return []
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const { additionalProperty } = params as { additionalProperty?: string }
    return `${instancePath || 'The message'} ${message} ${additionalProperty ?? ''}`.trim()
  })
}

/**
 * Lets a signer answer only what keeps to the schema, and be asked only that; else the answer is 500.
 * So each test that goes through it is a test of both sides.
 *
 * @param asked whether the requests count too; where a test sends wrong ones on purpose they do not
 */
export function watchWire(signer: FetchHandler, { asked = true } = {}): FetchHandler {
  return async (request) => {
    if (request.method !== 'POST') return signer(request)
    const copy = asked ? request.clone() : undefined
    const answer = await signer(request)
    const faults = [
      ...(copy ? wireFaults('SignerRequestBody', JSON.parse(await copy.text())) : []),
      ...wireFaults(
        answer.ok ? 'SignerResponseBody' : 'SignerErrorBody',
        await answer.clone().json(),
      ),
    ]
    if (faults.length === 0) return answer
    const message = `Breaks schema/signer-v1.json: ${faults.join('; ')}`
    console.error(message)
    const headers = { 'Access-Control-Allow-Origin': '*' }
    return Response.json({ error: { code: 'wire', message } }, { status: 500, headers })
  }
}
