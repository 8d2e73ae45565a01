/** Files that are no TypeScript, or that the build makes. */
declare module '*.vue' {
  const component: import('vue').Component
  export default component
}

declare module '*.css'

declare module '*/custom-elements.json' {
  const manifest: { modules: object[] }
  export default manifest
}
