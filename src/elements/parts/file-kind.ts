/** Kinds of files, each with an icon. */
export type FileKind =
  | 'image'
  | 'video'
  | 'audio'
  | 'pdf'
  | 'spreadsheet'
  | 'archive'
  | 'text'
  | 'other'

/** Patterns for the media type and the extension. The first match counts. */
const KINDS: [kind: FileKind, type: RegExp, extension: RegExp][] = [
  ['image', /^image\//, /^(avif|bmp|gif|hei[cf]|ico|jpe?g|jxl|png|svg|tiff?|webp)$/],
  ['video', /^video\//, /^(avi|m4v|mkv|mov|mp4|mpe?g|ogv|webm|wmv)$/],
  ['audio', /^audio\//, /^(aac|aiff?|flac|m4a|mp3|og[ag]|opus|wav|wma)$/],
  ['pdf', /\/pdf$/, /^pdf$/],
  ['spreadsheet', /csv$|excel|sheet$|tab-separated/, /^(csv|numbers|ods|tsv|xls[bmx]?)$/],
  [
    'archive',
    /zip|[/-]tar$|compressed|bzip|rar$|zstd$/,
    /^(7z|bz2|gz|rar|t[bgx]z|tar|xz|zip|zst)$/,
  ],
  [
    'text',
    /^text\/|json|xml|word|rtf|opendocument\.text/,
    /^(docx?|html?|json|log|md|odt|rtf|txt|xml|ya?ml)$/,
  ],
]

/** The kind by the media type or, if that says too little, by the extension. */
export function kindOf({ name, type }: { name: string; type: string }): FileKind {
  const media = type.toLowerCase()
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const found =
    KINDS.find(([, types]) => types.test(media)) ??
    KINDS.find(([, , extensions]) => extensions.test(extension))
  return found?.[0] ?? 'other'
}
