/** What is shown of links: nothing, a button that copies one, or all that can be done with it. */
export type LinksShown = 'none' | 'copy' | 'full'

/** Formats in which links can be copied. */
export type LinkFormat = 'text' | 'markdown' | 'csv'

/** How much elements show, by their attributes. */
export interface ShownSettings {
  /** Links: absent shows none, `copy` a button that copies, `full` all that can be done with one. */
  links?: 'copy' | 'full' | '' | undefined
  /** How all links are copied. */
  linksFormat?: LinkFormat | undefined
  /** With `full`, sizes and speeds besides how far an upload is. */
  details?: 'full' | undefined
  /** Whether people can put the files in another order. */
  reorder?: boolean
}

/** What an element shows: its own settings, or else those of the element that it is bound to. */
export function shownBy(host: ShownSettings, owner: ShownSettings | undefined) {
  const links = host.links ?? owner?.links
  return {
    links: (links == null ? 'none' : links === 'full' ? 'full' : 'copy') as LinksShown,
    format: host.linksFormat ?? owner?.linksFormat ?? 'text',
    isShort: (host.details ?? owner?.details) !== 'full',
    isMovable: Boolean(host.reorder || owner?.reorder),
  }
}
