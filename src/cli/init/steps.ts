import type { PageTemplate } from './pages.ts'
import type { SignerTemplate } from './signers.ts'

/**
 * What to do next, once the files are there: commands and sentences.
 *
 * @param isWindows its shells have no `cp`, and one of them no `&&`: each command is then a step
 */
export function nextSteps(
  page: PageTemplate,
  signer: SignerTemplate,
  isWindows: boolean,
): string[] {
  const start = isWindows ? (signer.startOnWindows ?? signer.start) : signer.start
  const run = `${signer.folder === '.' ? '' : 'cd signer && '}${start}`
  const settings = `the bucket${signer.needsSecret ? ', its keys and a secret' : ' and its keys'}`
  return [
    'npm install bucket-upload',
    `${isWindows ? 'copy' : 'cp'} .env.example .env, and put ${settings} into it; .env is not for git`,
    `npx bucket-upload doctor s3://BUCKET --origin ${page.origin}`,
    ...(isWindows ? run.split(' && ') : [run]),
    page.show ?? `show ${page.path} in your application`,
  ]
}
