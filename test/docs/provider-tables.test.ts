/** The tables of providers in the docs say what src/s3/providers.ts says. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { PROVIDERS, type ProviderId, SERVICES, STORJ_ENDPOINTS } from '../../src/s3/providers.ts'
import { IBM_COS_REGIONS, QENCODE_REGIONS } from '../../src/s3/regions.ts'
import type { ServiceFacts } from '../../src/s3/service-facts.ts'

const IDS = Object.keys(PROVIDERS) as ProviderId[]
const MIB = 2 ** 20
const DAY = 86_400

/** The rows of the first table whose head has `column`, each with a cell for each provider. */
function tableOf(page: string, column: string): Map<string, string[]> {
  const lines = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').split('\n')
  const start = lines.findIndex((line) => line.startsWith('|') && line.includes(column))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))
  const rows = lines.slice(start, end).map((line) => line.split('|').slice(1, -1))
  return new Map(
    rows.map(([name = '', ...cells]) => [
      name.trim().replace(/^\[(.+)\]\(.+\)$/, '$1'),
      cells.map((cell) => cell.trim()),
    ]),
  )
}

/** Compares each cell of a row with what the facts say it has to contain, or must not. */
function compare(
  table: Map<string, string[]>,
  row: string,
  expected: (facts: ServiceFacts, id: ProviderId) => RegExp,
): void {
  const cells = table.get(row)
  assert.equal(cells?.length, IDS.length, `a row "${row}" with a cell for each provider`)
  for (const [index, id] of IDS.entries()) {
    assert.match(
      cells?.[index] ?? '',
      expected(SERVICES[PROVIDERS[id].service], id),
      `${row}, ${id}`,
    )
  }
}

const lifetime = ({ maxExpires }: ServiceFacts) =>
  maxExpires === null ? /^(no limit|any time)$/ : new RegExp(`^${maxExpires / DAY} days`)

const linkFunction = {
  presigned: 'presigned()',
  public: 'publicUrl()',
  linkshare: 'linkshare()',
  'qencode-cdn': 'qencodeCdn()',
}

describe('docs/signer.md', () => {
  const table = tableOf('signer.md', '| `storj` |')

  test('regions', () => {
    const [, qencode = '', ibm = ''] = table.get('`region`') ?? []
    assert.equal(qencode, QENCODE_REGIONS.map((region) => `\`${region}\``).join(', '))
    assert.equal(ibm, `all ${IBM_COS_REGIONS.length} public locations`)
    compare(table, '`region`', (_, id) => {
      const { needsRegion, region } = PROVIDERS[id]
      return needsRegion ? /^(?!any)/ : new RegExp(region)
    })
  })

  test('hosts', () => {
    const [storj = ''] = table.get('host') ?? []
    for (const endpoint of STORJ_ENDPOINTS) {
      assert.ok(
        storj.includes(new URL(endpoint).hostname.split('.').slice(0, 2).join('.')),
        endpoint,
      )
    }
    compare(table, 'host', (_, id) => {
      const { hostname } = new URL(PROVIDERS[id].endpointOf('x-region'))
      return new RegExp(hostname.replace('x-region', '<region>').replaceAll('.', '\\.'))
    })
  })

  test('lifetimes, parts, forms and conditions', () => {
    compare(table, 'longest lifetime of a URL', lifetime)
    compare(table, 'parts of large files', ({ partRules }) => {
      const { idealSize, multipleOf = 1 } = partRules
      const multiple = multipleOf > 1 ? `, multiples of ${multipleOf / MIB} MiB` : ''
      return new RegExp(`^${(idealSize ?? 0) / MIB} MiB${multiple}`)
    })
    compare(table, 'small files as a form', ({ postPolicy }) =>
      postPolicy ? /^(yes|AWS)/ : /^no$/,
    )
    compare(table, '`overwrite: false`', ({ conditionalPut }) =>
      conditionalPut ? /^(yes|AWS, R2)/ : /^no$/,
    )
    compare(table, 'guard headers', ({ guardHeaders }, id) => {
      if (id === 's3') return /where the host is not a known one/
      return Object.keys(guardHeaders).length > 0 ? /^yes$/ : /^no$/
    })
    compare(
      table,
      'CORS',
      ({ cors }) =>
        ({ fixed: /nothing to set/, elsewhere: /CDN's API/, 's3-api': /PutBucketCors/ })[
          cors.control
        ],
    )
  })
})

describe('docs/providers/index.md', () => {
  const table = tableOf('providers/index.md', '| Storj |')

  test('titles', () => {
    assert.deepEqual(
      table.get('what'),
      IDS.map((id) => PROVIDERS[id].title),
    )
  })

  test('regions, lifetimes, CORS and links', () => {
    compare(table, 'region', (_, id) => {
      const { regions, needsRegion, region } = PROVIDERS[id]
      if (id === 'qencode') return new RegExp((regions ?? []).join('.*'))
      return needsRegion ? /^that of the bucket$/ : new RegExp(`not needed|${region}`)
    })
    compare(table, 'links live at most', lifetime)
    compare(
      table,
      'CORS',
      ({ cors }) => ({ fixed: /every page/, elsewhere: /CDN/, 's3-api': /rule/ })[cors.control],
    )
    compare(table, 'public links', ({ links }) => {
      const [, own = 'public'] = links
      return new RegExp(linkFunction[own].replace('()', '\\(\\)'))
    })
  })
})
