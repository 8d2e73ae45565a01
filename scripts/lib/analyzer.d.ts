/** The part of the analyzer that its own types leave out. */
declare module '@custom-elements-manifest/analyzer/src/browser-entrypoint.js' {
  import type { Package } from 'custom-elements-manifest/schema'
  export type SourceFile = { readonly fileName: string }
  export type Plugin = { name: string }
  export const ts: {
    ScriptTarget: { ES2022: number }
    createSourceFile(name: string, text: string, target: number, setParents: boolean): SourceFile
  }
  export function create(options: { modules: SourceFile[]; plugins: Plugin[] }): Package
  export function litPlugin(): Plugin[]
}
