import { minify } from 'terser'
import type { Plugin } from 'vite'

/** Where a browser finds the source map. */
const MAP_COMMENT = /\n\/\/# sourceMappingURL=.*\s*$/

/** What repeats itself is packed better by gzip than what is joined. */
const COMPRESS = { passes: 3, join_vars: false, sequences: false, keep_fargs: false }

/** Compresses each file once more: after Vite's own minifier it is 1 to 5 % smaller when gzipped. */
export function compress(): Plugin {
  return {
    name: 'compress',
    enforce: 'post',
    async generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        // Translations are texts.
        if (chunk.type !== 'chunk' || chunk.fileName.includes('/locales/')) continue
        const [comment = ''] = MAP_COMMENT.exec(chunk.code) ?? []
        const { code = '', map } = await minify(chunk.code, {
          ...{ module: true, ecma: 2020, compress: COMPRESS },
          sourceMap: { content: chunk.map?.toString() ?? '', asObject: true, includeSources: true },
        })
        chunk.code = code + comment
        const mapFile = bundle[`${chunk.fileName}.map`]
        if (mapFile?.type === 'asset') mapFile.source = JSON.stringify(map)
      }
    },
  }
}
