import type { Localize } from '../../i18n/localize.ts'

/** Says which files can be uploaded: "Images, PDF or MOV, up to 25 MB each". Empty without restrictions. */
export function restrictionsHint(
  localize: Localize,
  accept: string | undefined,
  maxSize: number | undefined,
  takesMany: boolean,
): string {
  const parts = [
    accept ? localize.accept(accept, 'disjunction') : '',
    maxSize === undefined
      ? ''
      : localize.text(takesMany ? 'upToEach' : 'upTo', { size: localize.bytes(maxSize) }),
  ].filter(Boolean)
  return localize.capitalized(parts.join(localize.text('comma')))
}
