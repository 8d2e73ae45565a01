/** The document that an entry of the sidebar leads to, as a path from `docs`. */
export function fileOf({ link = '' }: { link?: string }): string {
  return `${link.slice(1).replace(/\/$/, '/index')}.md`
}
