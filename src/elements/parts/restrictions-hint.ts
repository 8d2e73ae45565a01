import type { Localize } from '../../i18n/localize.ts'

/**
 * Says which files can be uploaded: "Images, PDF or MOV, up to 25 MB". Empty without restrictions.
 *
 * @param isMany whether there may be several files, each up to the size
 */
export function restrictionsHint(
  localize: Localize,
  accept: string | undefined,
  maxSize: number | undefined,
  isMany = false,
): string {
  const parts = [
    accept ? localize.accept(accept, 'disjunction') : '',
    maxSize === undefined
      ? ''
      : localize.text(isMany ? 'upToEach' : 'upTo', { size: localize.bytes(maxSize) }),
  ].filter(Boolean)
  return localize.capitalized(parts.join(localize.text('comma')))
}
