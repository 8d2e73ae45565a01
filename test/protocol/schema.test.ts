import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { ProtocolError, parseSignerRequest, parseSignerResponse } from '../../src/protocol/index.ts'
import { type Message, SCHEMA, wireFaults } from '../support/signer/schema.ts'

const DIGEST = 'XUFAKrxLKna5cZ2REBfFkg=='
const FILE = { name: 'cat.jpg', size: 48_211, type: 'image/jpeg', path: 'pets/cat.jpg' }
const GRANT = 'eyJ.abc'

/** Every field that a request can have. */
const ASKED = {
  version: 1,
  requests: [
    {
      id: '1',
      op: 'put',
      file: FILE,
      meta: { album: '7' },
      route: 'avatar',
      batch: 'b'.repeat(16),
      grant: GRANT,
      form: true,
      md5: DIGEST,
      sha256: DIGEST,
    },
    {
      id: '2',
      op: 'create',
      file: FILE,
      meta: {},
      route: 'avatar',
      batch: 'b'.repeat(16),
      nonce: 'n'.repeat(16),
      again: true,
    },
    { id: '3', op: 'part', grant: GRANT, partNumber: 10_000, size: 5, md5: DIGEST, crc32: DIGEST },
    { id: '8', op: 'create', file: { name: 'talk.webm', type: 'video/webm' } },
    { id: '4', op: 'parts', grant: GRANT, after: 1000 },
    {
      id: '5',
      op: 'complete',
      grant: GRANT,
      size: 5,
      parts: [{ partNumber: 1, etag: '"a"', crc32c: DIGEST }],
      digests: [{ md5: DIGEST }, {}],
    },
    { id: '6', op: 'abort', grant: GRANT },
    { id: '9', op: 'discard', grant: GRANT },
    { id: '7', op: 'link', grant: GRANT, key: 'k', expiresIn: 60, disposition: 'inline' },
    { id: '10', op: 'status', grant: GRANT },
  ],
}

/** Every field that an answer can have. */
const ANSWERED = {
  version: 1,
  date: '2026-11-24T10:00:00.000Z',
  responses: [
    {
      id: '1',
      key: 'k',
      url: 'https://bucket.example/k',
      method: 'POST',
      fields: { key: 'k' },
      headers: { 'Content-Type': 'image/jpeg' },
      expiresAt: '2026-11-24T10:15:00Z',
      downloadUrl: 'https://bucket.example/k',
      downloadExpiresAt: '2026-11-24T11:00:00+01:00',
      grant: GRANT,
      uploadId: 'u',
      partSize: 67_108_864,
      maxSize: 1e9,
      lanes: { urls: ['https://k.bucket.example/'], credentials: true },
      stored: true,
      etag: 'e',
      processing: { progress: 0.4 },
      data: { id: 7, tags: ['film', null] },
      checksum: 'sha256',
    },
    { id: '2', error: { code: 'checksum-needed', message: 'No.', checksum: 'sha256' } },
  ],
}

type Path = (string | number)[]

/** Where every value of a message is. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name]))
  return [path, ...inside]
}

/** The message with one value replaced; `undefined` takes it away. */
function replaced(message: object, path: Path, value: unknown): unknown {
  const [last] = path.slice(-1)
  if (last === undefined) return value
  const copy = structuredClone(message)
  const owner = path
    .slice(0, -1)
    .reduce((it, name) => (it as Record<string, object>)[name] ?? {}, copy as object)
  if (value === undefined && !Array.isArray(owner)) Reflect.deleteProperty(owner, last)
  else Reflect.set(owner, last, value)
  return copy
}

/** Fields of which the guards make the best, where they do not have the right type. */
const LENIENT = /\/(form|again|type|message|checksum|stored|credentials)$/

describe('the schema and the guards', () => {
  const compare = (message: Message, sample: object, parse: (body: unknown) => unknown) => {
    let refused = 0
    const wrong = [undefined, 'text', '', 7, -1, 1.5, 1e16, true, [], ['x'], [[]], {}, { a: 1 }]
    for (const path of pathsOf(sample)) {
      const where = `/${path.join('/')}`
      for (const value of wrong) {
        const body = JSON.parse(JSON.stringify(replaced(sample, path, value) ?? null))
        const isWrong = wireFaults(message, body, { ours: false }).length > 0
        refused += isWrong ? 1 : 0
        const run = () => parse(body)
        const said = `${where} = ${JSON.stringify(value)}`
        if (!isWrong) assert.doesNotThrow(run, said)
        else if (!LENIENT.test(where) && !ONLY_SCHEMA.test(where)) {
          assert.throws(run, ProtocolError, said)
        }
      }
    }
    return refused
  }

  /** One request that is malformed does not stand in the way of the others: the signer answers it. */
  const parseWhole = (body: unknown) => {
    const bad = parseSignerRequest(body).requests.find(({ op }) => op === 'malformed')
    if (bad) throw new ProtocolError(bad.op)
  }

  /** What an address and a date look like is looked at where they are used. */
  const ONLY_SCHEMA = /\/(url|urls(\/0)?|downloadUrl|date|expiresAt|downloadExpiresAt)$/

  it('agree about every field of a request, right or wrong', () => {
    assert.deepEqual(wireFaults('SignerRequestBody', ASKED), [])
    assert.deepEqual(parseSignerRequest(ASKED), ASKED)
    assert.ok(compare('SignerRequestBody', ASKED, parseWhole) > 300)
  })

  it('agree about how long each text of a request may be', () => {
    let limited = 0
    for (const path of pathsOf(ASKED)) {
      const value = path.reduce<unknown>((it, name) => (it as Record<string, unknown>)[name], ASKED)
      // The ids of a call have to differ, and an op that is long is one that we do not know.
      if (typeof value !== 'string' || ['op', 'disposition', 'type'].includes(`${path.at(-1)}`))
        continue
      const fits = (length: number, letter: string) => {
        const body = replaced(ASKED, path, letter.repeat(length)) as object
        const isRight = wireFaults('SignerRequestBody', body, { ours: false }).length === 0
        const run = () => parseWhole(body)
        const said = `/${path.join('/')} of ${length} ${letter}`
        if (isRight) assert.doesNotThrow(run, said)
        else assert.throws(run, ProtocolError, said)
        return isRight
      }
      for (const letter of ['a', '🦄']) {
        let [most, over] = [1, 20_000]
        assert.equal(fits(over, letter), false, `/${path.join('/')} has no limit`)
        while (over - most > 1) {
          const middle = Math.floor((most + over) / 2)
          if (fits(middle, letter)) most = middle
          else over = middle
        }
      }
      limited += 1
    }
    assert.ok(limited > 25, String(limited))
  })

  it('limit what a page may say in meta', () => {
    const put = (meta: object) => ({
      version: 1,
      requests: [{ id: '1', op: 'put', file: FILE, meta }],
    })
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [at, 'x']))
    parseWhole(put(many(64)))
    const long = 'v'.repeat(2048)
    const full = { a: long, b: long, c: long, d: 'v'.repeat(2044) }
    parseWhole(put(full))
    for (const meta of [many(65), { ['n'.repeat(129)]: '' }, { ...full, d: long }]) {
      assert.throws(() => parseWhole(put(meta)), ProtocolError)
    }
  })

  it('agree about every field of an answer, right or wrong', () => {
    assert.deepEqual(wireFaults('SignerResponseBody', ANSWERED), [])
    assert.deepEqual(parseSignerResponse(ANSWERED), ANSWERED)
    assert.ok(compare('SignerResponseBody', ANSWERED, parseSignerResponse) > 150)
  })

  it('let other ops and other fields pass', () => {
    const other = { version: 1, requests: [{ id: '1', op: 'rename', to: 5 }], later: true }
    assert.deepEqual(wireFaults('SignerRequestBody', other, { ours: false }), [])
    assert.doesNotThrow(() => parseSignerRequest(other))
    assert.notDeepEqual(wireFaults('SignerRequestBody', other), [])
  })
})

const program = ts.createProgram(
  ['types', 'checksums'].map((name) =>
    fileURLToPath(new URL(`../../src/protocol/${name}.ts`, import.meta.url)),
  ),
  {
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  },
)
const checker = program.getTypeChecker()

/** Every object type that `src/protocol` exports, by its name. */
function exportedObjects(): Map<string, ts.Type> {
  const files = program.getSourceFiles().filter(({ fileName }) => /src\/protocol\//.test(fileName))
  const symbols = files.flatMap((file) => {
    const module = checker.getSymbolAtLocation(file)
    return module ? checker.getExportsOfModule(module) : []
  })
  const types = symbols.map((it) => [it.name, checker.getDeclaredTypeOfSymbol(it)] as const)
  return new Map(types.filter(([, type]) => type.flags & ts.TypeFlags.Object && !type.isUnion()))
}

/** What the schema should say about a TypeScript type, roughly: enough to tell one from another. */
function kindOfType(type: ts.Type): string {
  const plain = checker.getNonNullableType(type)
  const text = checker.typeToString(plain)
  if (plain.isNumberLiteral() || plain.isStringLiteral()) return `const ${plain.value}`
  if (text === 'boolean') return 'boolean'
  if (text === 'Record<string, string>') return 'Texts'
  if (plain.isUnion() && plain.types.every((it) => it.isStringLiteral())) {
    return plain.types
      .map((it) => (it as ts.StringLiteralType).value)
      .sort()
      .join(' | ')
  }
  if (/^(SignerRequest|SignerResponse)\[\]$/.test(text)) return text
  const [item] = checker.isArrayType(plain)
    ? checker.getTypeArguments(plain as ts.TypeReference)
    : []
  if (item) return `${kindOfType(item)}[]`
  if (plain.flags & ts.TypeFlags.Number) return 'number'
  // What a site tells its page.
  if (plain.isUnion() && plain.types.some((it) => it.flags & ts.TypeFlags.Number)) return 'any'
  if (plain.flags & ts.TypeFlags.String || /ChecksumAlgorithm/.test(text)) return 'string'
  if (plain.isUnion()) return 'string'
  return text.startsWith('{ code: string') ? 'SignerError' : text
}

/** The same of a property of the schema. */
function kindOfSchema(schema: Record<string, unknown>): string {
  if ('const' in schema) return `const ${schema.const}`
  if (Array.isArray(schema.enum)) return [...schema.enum].sort().join(' | ')
  if (schema.type === 'array') return `${kindOfSchema(schema.items as typeof schema)}[]`
  // TypeScript does not tell whole numbers from others.
  if (schema.type === 'integer') return 'number'
  if (typeof schema.type === 'string') return schema.type
  if (schema.$ref === undefined) return 'any'
  const name = String(schema.$ref).replace('#/$defs/', '')
  const target = SCHEMA.$defs[name] ?? {}
  // What a page says is limited, and texts all the same.
  if (name === 'Meta') return 'Texts'
  return target.type === 'object' ? name : kindOfSchema(target)
}

describe('the schema and the types', () => {
  const types = exportedObjects()

  it('have the same messages', () => {
    // The bodies of errors have no type of their own: the engine reads them as loosely as it can.
    const only = [
      'SignerErrorBody',
      'SignerError',
      'SignerRequest',
      'SignerResponse',
      'Texts',
      'Meta',
    ]
    const described = Object.entries(SCHEMA.$defs).filter(([, schema]) => schema.type === 'object')
    const names = described.map(([name]) => name).filter((name) => !only.includes(name))
    assert.deepEqual(names.sort(), [...types.keys()].sort())
  })

  for (const [name, type] of types) {
    it(`have the same fields in ${name}, of the same kind`, () => {
      const { properties = {}, required = [] } = (SCHEMA.$defs[name] ?? {}) as {
        properties?: Record<string, Record<string, unknown>>
        required?: string[]
      }
      const inTypes = checker.getPropertiesOfType(type).map((property) => {
        const optional = property.flags & ts.SymbolFlags.Optional ? '?' : ''
        return `${property.name}${optional}: ${kindOfType(checker.getTypeOfSymbol(property))}`
      })
      const inSchema = Object.entries(properties).map(
        ([field, schema]) =>
          `${field}${required.includes(field) ? '' : '?'}: ${kindOfSchema(schema)}`,
      )
      assert.deepEqual(inSchema.sort(), inTypes.sort())
    })
  }
})
