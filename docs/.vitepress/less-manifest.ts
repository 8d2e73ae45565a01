/** Of the elements' manifest, the playground needs the attributes and the tokens of one element. */
export const lessManifest = {
  name: 'less-manifest',
  enforce: 'pre' as const,
  transform(json: string, id: string) {
    if (!id.endsWith('/dist/custom-elements.json')) return
    const { modules } = JSON.parse(json) as { modules: { declarations: Declaration[] }[] }
    const declarations = modules
      .flatMap(({ declarations }) => declarations)
      .filter(({ tagName }) => tagName === 'bucket-upload')
      .map(({ tagName, attributes, cssProperties }) => ({ tagName, attributes, cssProperties }))
    return JSON.stringify({ modules: [{ declarations }] })
  },
}

interface Declaration {
  tagName?: string
  attributes: unknown
  cssProperties: unknown
}
