/** The examples that know every operation, each in a copy that tells its users apart. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildGo } from './example-commands.ts'
import {
  type ExampleSigner,
  exampleFolder,
  type SignerBucket,
  settingsOf,
  startIn,
} from './example-signer.ts'

/** What the caller of these copies has to send. */
export const PROOF = { Authorization: 'Bearer 42' }

/** What another caller sends. */
export const OTHER_PROOF = { Authorization: 'Bearer 43' }

/** A line of an example, and what a reader writes instead. */
interface Change {
  file: string
  from: string
  to: string
}

/** What readers change who have sessions, or a slow line, and how the signer is started then. */
const EXAMPLES: Record<
  string,
  { users: Change; smallParts: Change; command: (folder: string) => string[] }
> = {
  go: {
    users: {
      file: 'main.go',
      from: 'return "anybody", true',
      to: `user, isKnown := map[string]string{"Bearer 42": "42", "Bearer 43": "43"}[r.Header.Get("Authorization")]
	return user, isKnown`,
    },
    smallParts: { file: 'parts.go', from: 'idealPart  = 64 * mib', to: 'idealPart = minPart' },
    command: (folder) => [buildGo(folder)],
  },
  php: {
    users: {
      file: 'signer.php',
      from: "return 'anybody';",
      to: "return ['Bearer 42' => '42', 'Bearer 43' => '43'][$_SERVER['HTTP_AUTHORIZATION'] ?? ''] ?? null;",
    },
    smallParts: {
      file: 'parts.php',
      from: 'const IDEAL_PART = 64 * MIB;',
      to: 'const IDEAL_PART = MIN_PART;',
    },
    command: () => ['php', '-S', '127.0.0.1:0', 'signer.php'],
  },
}

/** Their names. */
export const WHOLE_SIGNERS = Object.keys(EXAMPLES)

/**
 * Starts a copy of an example.
 *
 * @param origin of the page that may ask it
 * @param more changes, besides that of the users
 */
export async function startWhole(
  example: string,
  bucket: SignerBucket,
  origin: string,
  ...more: 'smallParts'[]
): Promise<ExampleSigner> {
  const known = EXAMPLES[example]
  if (!known) throw new Error(`There is no ${example}.`)
  const folder = mkdtempSync(join(tmpdir(), 'whole-signer-'))
  cpSync(exampleFolder(example), folder, { recursive: true })
  for (const name of ['users', ...more] as const) change(folder, known[name])
  const { url, stop } = await startIn(folder, known.command(folder), settingsOf(bucket, origin))
  return {
    url,
    stop() {
      stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function change(folder: string, { file, from, to }: Change): void {
  const code = readFileSync(join(folder, file), 'utf8')
  const changed = code.replace(from, to)
  if (changed === code) throw new Error(`${file} has no "${from}".`)
  writeFileSync(join(folder, file), changed)
}
