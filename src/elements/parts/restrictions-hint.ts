import type { Localize } from '../../i18n/localize.ts'

/** Says which files can be uploaded: "Images, PDF, up to 25 MB". Empty without restrictions. */
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
