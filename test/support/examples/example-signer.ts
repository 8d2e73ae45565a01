/** Runs the signers of `examples/signers`, each as its README says. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The bucket that a signer signs for, and its keys. */
export interface SignerBucket {
  bucket: string
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** A signer that runs. */
export interface ExampleSigner {
  url: string
  stop(): void
}

/** Where an example is. */
export function exampleFolder(example: string): string {
  return fileURLToPath(new URL(`../../../examples/signers/${example}`, import.meta.url))
}

/** The settings of an example, as its environment. */
export function settingsOf(bucket: SignerBucket, origin: string): Record<string, string> {
  return {
    BUCKET_UPLOAD_ENDPOINT: bucket.endpoint,
    BUCKET_UPLOAD_BUCKET: bucket.bucket,
    BUCKET_UPLOAD_REGION: bucket.region,
    BUCKET_UPLOAD_ORIGIN: origin,
    AWS_ACCESS_KEY_ID: bucket.accessKeyId,
    AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    COS_HMAC_ACCESS_KEY_ID: bucket.accessKeyId,
    COS_HMAC_SECRET_ACCESS_KEY: bucket.secretAccessKey,
  }
}

/**
 * Starts a command in the folder of an example, and waits for the address that it prints.
 *
 * @throws {Error} with its output, if it ends before
 */
export function startExample(
  example: string,
  command: string[],
  env: Record<string, string>,
): Promise<ExampleSigner> {
  return startIn(exampleFolder(example), command, env)
}

/** As `startExample`, in any folder. */
export async function startIn(
  folder: string,
  [program = '', ...args]: string[],
  env: Record<string, string>,
): Promise<ExampleSigner> {
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, PORT: '0' },
  })
  const stop = () => void child.kill()
  process.once('exit', stop)
  // Not `for await`, which closes the pipe when it is left, and then the signer's next line ends it.
  const url = await new Promise<string>((resolve, reject) => {
    // It may log each request, which nobody needs to see unless it ends.
    let log = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        log += chunk
        const [found] = /http:\/\/[^\s)]+/.exec(log) ?? []
        if (found) resolve(found)
      })
    }
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`What was started in ${folder} ended:\n${log}`)))
  })
  return { url, stop }
}
