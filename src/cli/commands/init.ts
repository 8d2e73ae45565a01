import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { corsRuleFor } from '../../s3/cors.ts'
import { PROVIDERS, type ProviderId, SERVICES } from '../../s3/providers.ts'
import { usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, type Values } from '../frame/command.ts'
import { writeFile } from '../frame/write-file.ts'
import { answerTo } from '../init/ask.ts'
import { copyLibrary, libraryFolder } from '../init/library.ts'
import { installCommand, lackingDependencies } from '../init/manifest.ts'
import { PAGES, type PageTemplate } from '../init/pages.ts'
import { SIGNERS, type SignerTemplate, signerFiles } from '../init/signers.ts'
import { nextSteps } from '../init/steps.ts'
import { doctorCommand } from './doctor.ts'

/** Writes a page, a signer and the settings for a project. */
export const initCommand: Command = {
  name: 'init',
  summary: 'write a page, a signer, .env.example and the CORS rule into a project',
  usage: ['init [folder] [--provider storj] [--framework react] [--backend node]'],
  about:
    'Asks for what is not said. A file that is there already stays as it is, unless "--force" is given;\na package.json stays in any case.\nWhere the environment or .env has the keys and the bucket, "doctor" then looks at them.',
  options: {
    provider: {
      type: 'string',
      value: 'NAME',
      help: `where the bucket is: ${Object.keys(PROVIDERS).join(', ')}`,
    },
    framework: {
      type: 'string',
      value: 'NAME',
      help: `what the page is made with: ${Object.keys(PAGES).join(', ')}`,
    },
    backend: {
      type: 'string',
      value: 'NAME',
      help: `what the signer runs on: ${Object.keys(SIGNERS).join(', ')}`,
    },
    force: { type: 'boolean', help: 'replace files that are there' },
  },
  async run(values, [folder = '.', ...more], io) {
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const ask = (option: string, text: string, answers: Record<string, { title: string }>) =>
      answerTo({ option, text, answers }, values, io)
    const provider = await ask('provider', 'Where is the bucket?', PROVIDERS)
    const framework = await ask('framework', 'Which framework has the page?', PAGES)
    const backend = await ask('backend', 'What does the signer run on?', SIGNERS)
    const [page, signer] = [PAGES[framework], SIGNERS[backend]]
    if (!page || !signer) throw new Error('There is a question without that answer.')
    const files = filesFor(provider as ProviderId, page, signer, backend)
    const { written, lacking } = writeAll(folder, files, values, io)
    if (page.isPlain) {
      const { target } = copyLibrary(join(folder, dirname(page.path), 'vendor'))
      io.err(`${io.style('green', '✓')} ${target}`)
      written.push(target)
    }
    if (io.json) io.out(JSON.stringify({ written, lacking }))
    else tellNext(page, signer, io)
    const { BUCKET_UPLOAD_BUCKET: bucket } = io.env
    if (!bucket || io.json) return EXIT.ok
    return doctorCommand.run({ origin: page.origin }, [`s3://${bucket}`], io)
  },
}

function filesFor(
  provider: ProviderId,
  page: PageTemplate,
  signer: SignerTemplate,
  backend: string,
): Map<string, string> {
  const { endpointOf, region, service } = PROVIDERS[provider]
  const settings = [
    `BUCKET_UPLOAD_PROVIDER=${provider}`,
    `BUCKET_UPLOAD_ENDPOINT=${endpointOf(region)}`,
    `BUCKET_UPLOAD_REGION=${region}`,
    'BUCKET_UPLOAD_BUCKET=',
    '# Where the page is, if the signer has another origin.',
    `BUCKET_UPLOAD_ORIGIN=${signer.address.startsWith('/') ? '' : page.origin}`,
    'AWS_ACCESS_KEY_ID=',
    'AWS_SECRET_ACCESS_KEY=',
    ...(signer.needsSecret
      ? ['# Signs what pages send back: 16 random characters or more.', 'SIGNER_SECRET=']
      : []),
  ]
  const files = new Map([
    [page.path, page.content(signer.address, `vendor/${libraryFolder()}`)],
    ['.env.example', `${settings.join('\n')}\n`],
  ])
  if (SERVICES[service].cors.control === 's3-api') {
    const rule = { CORSRules: [corsRuleFor([page.origin])] }
    files.set('cors.json', `${JSON.stringify(rule, null, 2)}\n`)
  }
  for (const [path, content] of signerFiles(backend)) {
    files.set(join(signer.folder ?? 'signer', path), content)
  }
  return files
}

/** What came of it. */
interface Written {
  /** The paths of the files. */
  written: string[]
  /** What a package.json that was there already has to get. */
  lacking: Record<string, string>
}

/** All or nothing of a file, and never over one that is there. */
function writeAll(folder: string, files: Map<string, string>, values: Values, io: Io): Written {
  const written: string[] = []
  let lacking: Record<string, string> = {}
  for (const [name, content] of files) {
    const path = join(folder, name)
    // It has more than a template can know: scripts, and what the project is made of.
    const isManifest = basename(name) === 'package.json'
    if (existsSync(path) && (isManifest || !values.force)) {
      if (isManifest) lacking = lackingDependencies(readFileSync(path, 'utf8'), content)
      tellKept(path, isManifest ? lacking : {}, io)
      continue
    }
    writeFile(path, content)
    io.err(`${io.style('green', '✓')} ${path}`)
    written.push(path)
  }
  return { written, lacking }
}

function tellKept(path: string, lacking: Record<string, string>, io: Io): void {
  const isLacking = Object.keys(lacking).length > 0
  const more = isLacking ? `; add what it lacks: ${installCommand(lacking)}` : ''
  io.err(`${io.style('yellow', '-')} ${path} is there already, and stays as it is${more}`)
}

function tellNext(page: PageTemplate, signer: SignerTemplate, io: Io): void {
  const steps = nextSteps(page, signer, io.windows)
  io.out(`\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}`)
}
