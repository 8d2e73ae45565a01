import type { Localize } from '../../i18n/localize.ts'

/** Says what may be uploaded: "Images, PDF, up to 25 MB". Empty if that is everything. */
export function restrictionsHint(
  localize: Localize,
  accept: string | undefined,
  maxSize: number | undefined,
): string {
  const parts = [
    accept ? localize.accept(accept) : '',
    maxSize === undefined ? '' : localize.text('upTo', { size: localize.bytes(maxSize) }),
  ].filter(Boolean)
  const hint = parts.join(localize.text('comma'))
  return hint.charAt(0).toLocaleUpperCase(localize.language) + hint.slice(1)
}
