import { createRequire } from 'node:module'
import type { CompatData, Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data'

/** The first version of each browser that has an API; `Infinity` where none has. */
export type Versions = Record<string, number>

/** When which API came, by MDN. */
export interface ApiVersions {
  /** Global names, such as `AbortSignal`, and `AbortSignal.any`. */
  globals: Map<string, Versions>
  /** Names of members, whatever object they belong to; of several, the earliest. */
  members: Map<string, Versions>
}

/** @param browsers by their names in MDN's data, such as `safari_ios` */
export function apiVersions(browsers: string[]): ApiVersions {
  const { api, javascript } = createRequire(import.meta.url)(
    '@mdn/browser-compat-data',
  ) as CompatData
  const result: ApiVersions = { globals: new Map(), members: new Map() }
  const note = (map: Map<string, Versions>, name: string, entry: Identifier) => {
    const before = map.get(name)
    const versions = browsers.map((browser): [string, number] => [
      browser,
      Math.min(versionIn(entry, browser), before?.[browser] ?? Infinity),
    ])
    map.set(name, Object.fromEntries(versions))
  }
  for (const all of [api, javascript.builtins]) {
    for (const [name, entry] of Object.entries((all ?? {}) as Record<string, Identifier>)) {
      note(result.globals, name, entry)
      const { __compat, ...rest } = entry
      for (const [member, its] of Object.entries(rest)) {
        const plain = member.replace(/_static$/, '')
        note(result.members, plain, its)
        // For what ECMAScript has, the data does not tell `Promise.try` from a method.
        if (plain !== member || all !== api) note(result.globals, `${name}.${plain}`, its)
        if (name === 'globals') note(result.globals, plain, its)
      }
    }
  }
  return result
}

function versionIn({ __compat: compat }: Identifier, browser: string): number {
  if (!compat) return 0
  const support = compat.support as Record<string, SimpleSupportStatement[]>
  const versions = [support[browser] ?? []]
    .flat()
    .filter((it) => !it.flags && !it.prefix && !it.alternative_name && !it.version_removed)
    .map(({ version_added: version }) => Number.parseFloat(String(version).replace('≤', '')))
  return Math.min(...versions.map((it) => (Number.isNaN(it) ? Infinity : it)), Infinity)
}
