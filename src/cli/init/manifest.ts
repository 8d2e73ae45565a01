/** What a template's package.json asks for. */
interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/**
 * What a project lacks of a template's dependencies.
 *
 * @param project the text of its package.json
 * @param template the text of the template's
 * @returns names with their ranges, such as `{ hono: '^4.0.0' }`; all where the project's is no JSON
 */
export function lackingDependencies(project: string, template: string): Record<string, string> {
  const there = readDependencies(project)
  const wanted = Object.entries(readDependencies(template))
  return Object.fromEntries(wanted.filter(([name]) => !Object.hasOwn(there, name)))
}

function readDependencies(text: string): Record<string, string> {
  try {
    const { dependencies, devDependencies } = JSON.parse(text) as Manifest
    return { ...devDependencies, ...dependencies }
  } catch {
    return {}
  }
}

/** The command that adds them, with quotes, as "^" is special in some shells. */
export function installCommand(dependencies: Record<string, string>): string {
  const names = Object.entries(dependencies).map(([name, range]) => `"${name}@${range}"`)
  return `npm install ${names.join(' ')}`
}
