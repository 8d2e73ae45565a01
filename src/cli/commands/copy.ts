import { usageError } from '../frame/cli-error.ts'
import { type Command, EXIT } from '../frame/command.ts'
import { copyLibrary } from '../init/library.ts'

/** Copies the files that a page without a bundler loads. */
export const copyCommand: Command = {
  name: 'copy',
  summary: 'copy the files for pages without a bundler into a folder',
  usage: ['copy public/vendor'],
  about:
    'They go into a folder that is named after their version, so that they may be cached for long.\nSource maps are left out.',
  options: {},
  async run(_values, [folder, ...more], io) {
    if (folder === undefined) {
      throw usageError('missing-argument', 'Name a folder, such as "public/vendor".')
    }
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const { target, files } = copyLibrary(folder)
    const tag = `<script type="module" src="${addressOf(target)}/bucket-upload.js"></script>`
    if (io.json) io.out(JSON.stringify({ folder: target, files, tag }))
    else {
      io.err(`${io.style('green', '✓')} ${files.length} files are in ${target}`)
      io.out(tag)
    }
    return EXIT.ok
  },
}

/** Folders that servers for development serve as the root of the site. */
const PUBLIC = /^(?:\.\/)?(?:public|static|wwwroot)\//

/** As a page would name it. */
function addressOf(target: string): string {
  return `/${target
    .replaceAll('\\', '/')
    .replace(PUBLIC, '')
    .replace(/^(?:\.?\/)+/, '')}`
}
