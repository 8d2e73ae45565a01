import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { buildLibrary } from './build-library.ts'
import { libraryFolder } from './library-folder.ts'

/** How large something is that a page loads. */
export interface Size {
  name: string
  /** Minified and gzipped. */
  bytes: number
  /** Bytes that it may have. */
  budget: number
  /** When it is loaded. */
  when: string
}

/** The head of the first column. */
export const OVER_CDN = 'file, or entry'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The file for a CDN, and those in the folder beside it. */
const FILES: Omit<Size, 'bytes'>[] = [
  { name: 'bucket-upload.js', budget: 27_500, when: 'with the page' },
  {
    name: 'views.js',
    // 0.4 kB for what loads the order of rows and their fields.
    budget: 19_000,
    when: 'when the pointer, the focus or a file comes near: what shows files',
  },
  { name: 'field-view.js', budget: 2_500, when: 'with a `<bucket-upload-field>`' },
  {
    name: 'uploader.js',
    // 1.2 kB for what keeps a page open and a screen on, for copies of files, and for the Back button; 0.5 kB
    // for files that the site goes on with, and for those that people take back.
    budget: 35_500,
    when: 'when the pointer, the focus or a file comes near: Uppy, requests, hashing, resume',
  },
  { name: 'read-folders.js', budget: 1_000, when: 'with the first folder that is dropped' },
  {
    name: 'copy-file.js',
    budget: 1_000,
    when: 'with the first large file whose date changes, as in cloud drives on phones',
  },
  { name: 'put-parts.js', budget: 4_000, when: 'with the first large file' },
  { name: 'zip-items.js', budget: 4_000, when: 'with the first choice or drop, with `zip`' },
  { name: 'put-stream.js', budget: 2_500, when: 'with the first stream' },
  {
    name: 'lane-transport.js',
    budget: 1_500,
    when: 'with the first large file, if the signer says that the bucket has lanes',
  },
  {
    name: 'interrupted-uploads.js',
    budget: 1_500,
    when: 'if this browser may have interrupted uploads',
  },
  {
    name: 'processing.js',
    budget: 1_500,
    when: 'with the first file that the site goes on with, as with a scan or a transcoding',
  },
  { name: 'hash-worker.js', budget: 6_500, when: 'with the first file, in a worker: MD5' },
  { name: 'hash-more.js', budget: 16_000, when: 'in a worker, if the signer requires a checksum' },
  { name: 'hash-plain.js', budget: 6_000, when: 'in a worker, if WebAssembly is not allowed' },
  { name: 'thumbnails.js', budget: 1_500, when: 'with the first image' },
  { name: 'virtual-rows.js', budget: 2_000, when: 'with the 51st file' },
  { name: 'row-order.js', budget: 4_000, when: 'with the first list that has `reorder`' },
  {
    name: 'row-fields.js',
    budget: 3_000,
    when: 'with the first list whose rows have fields of the page',
  },
  {
    name: 'recorder.js',
    // 1.9 kB for the copy of what is recorded, and its offer.
    budget: 6_000,
    when: 'with `loadRecorder()`, for `<bucket-upload-recorder>`',
  },
  { name: 'link-actions.js', budget: 2_000, when: 'with the first link' },
  { name: 'crop-photo.js', budget: 3_000, when: 'with the first photo, in a field with `crop`' },
  { name: 'strip-metadata.js', budget: 3_000, when: 'with the first file, with `strip-metadata`' },
  { name: 'heif.js', budget: 2_000, when: 'with the first HEIC or AVIF, with `strip-metadata`' },
  { name: 'gzip.js', budget: 1_000, when: 'with the first file, with `compress`' },
  { name: 'bucket-advice.js', budget: 2_000, when: 'when a bucket does not allow the page' },
  { name: 'uppy-plugins.js', budget: 1_000, when: 'with the first plugin of Uppy' },
]

/** Entries of the package, with what they import at once. */
const ENTRIES = [
  { name: 'bucket-upload/define', path: 'src/define.ts', budget: 28_000, when: 'with the page' },
  { name: 'bucket-upload', path: 'src/index.ts', budget: 28_000, when: 'with the page' },
  {
    name: 'bucket-upload/react',
    path: 'src/frameworks/react/index.ts',
    // 0.1 kB for what loads the recorder, and 0.2 kB for files that the site goes on with.
    budget: 29_000,
    when: 'with the page',
  },
  {
    name: 'bucket-upload/vue',
    path: 'src/frameworks/vue/index.ts',
    // 0.1 kB for what loads the recorder, and 0.2 kB for files that the site goes on with.
    budget: 29_000,
    when: 'with the page',
  },
  {
    name: 'bucket-upload/svelte',
    path: 'src/frameworks/svelte.ts',
    budget: 27_500,
    when: 'with the page',
  },
  {
    name: 'bucket-upload/solid',
    path: 'src/frameworks/solid.ts',
    budget: 27_500,
    when: 'with the page',
  },
  {
    name: 'bucket-upload/engine',
    path: 'src/engine/index.ts',
    budget: 9_000,
    when: 'with the page',
  },
  {
    name: 'bucket-upload/protocol',
    path: 'src/protocol/index.ts',
    budget: 5_000,
    when: 'where it is used',
  },
  {
    name: 'bucket-upload/server',
    path: 'src/server/index.ts',
    // 2 kB for what is stored along with an object, and what each provider is known to keep; 0.1 kB for a
    // `create` that comes late.
    budget: 36_100,
    when: 'by the signer',
  },
]

/** Measures all, by building them. */
export async function entrySizes(): Promise<Size[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sizes-'))
  try {
    const library = await buildLibrary(folder)
    const files = FILES.map((file) => ({
      ...file,
      bytes: gzipped(readFileSync(join(library, addressOf(file.name)))),
    }))
    const entries: Size[] = []
    for (const { path, ...entry } of ENTRIES) entries.push({ ...entry, bytes: await sizeOf(path) })
    return [...files, ...entries]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function addressOf(name: string): string {
  return name === 'bucket-upload.js' ? name : join(libraryFolder(), name)
}

/** What an application gets that imports all of an entry, without what is loaded later. */
async function sizeOf(path: string): Promise<number> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      rolldownOptions: {
        input: join(root, path),
        preserveEntrySignatures: 'allow-extension',
        // The application has them anyway.
        external: ['react', 'vue'],
      },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((it) =>
    'output' in it ? it.output : [],
  )
  const entry = outputs.find((it) => it.type === 'chunk' && it.isEntry)
  if (entry?.type !== 'chunk') throw new Error(`There is nothing built of ${path}.`)
  return gzipped(Buffer.from(entry.code))
}

function gzipped(content: Buffer): number {
  return gzipSync(content, { level: 9 }).length
}
