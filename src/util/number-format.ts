const formats = new Map<string, Intl.NumberFormat>()

/** A cached number format: creating one takes a hundred times as long as using it. */
export function numberFormat(
  locale: string | undefined,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  const name = `${locale} ${Object.values(options)}`
  const format = formats.get(name) ?? new Intl.NumberFormat(locale, options)
  formats.set(name, format)
  return format
}
