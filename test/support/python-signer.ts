import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findPython } from '../../scripts/lib/python.ts'

const signerOf = (example: string) =>
  fileURLToPath(new URL(`../../examples/signers/${example}/signer.py`, import.meta.url))

/** The bucket that a signer signs for, and its keys. */
export interface PythonBucket {
  bucket: string
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** Whether Python has IBM's SDK, which no package of Debian brings. */
export function hasIbmSdk(): boolean {
  return spawnSync(findPython(), ['-c', 'import ibm_boto3'], { stdio: 'ignore' }).status === 0
}

/** Starts an example signer in Python, for pages of one origin. */
export async function startPythonSigner(
  { bucket, endpoint, region, accessKeyId, secretAccessKey }: PythonBucket,
  origin: string,
  example: 'python-boto3' | 'python-ibm' = 'python-boto3',
): Promise<{ url: string; stop(): void }> {
  const child = spawn(findPython(), [signerOf(example)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      BUCKET_UPLOAD_ENDPOINT: endpoint,
      BUCKET_UPLOAD_BUCKET: bucket,
      BUCKET_UPLOAD_REGION: region,
      BUCKET_UPLOAD_ORIGIN: origin,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      COS_HMAC_ACCESS_KEY_ID: accessKeyId,
      COS_HMAC_SECRET_ACCESS_KEY: secretAccessKey,
      PORT: '0',
    },
  })
  const stop = () => void child.kill()
  process.once('exit', stop)
  // Not `for await`, which closes the pipe when it is left, and then the signer's next line ends it.
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const [found] = /http:\/\/\S+/.exec(String(chunk)) ?? []
      if (found) resolve(found)
    })
    // It logs each request there, which nobody needs to see unless it ends.
    let log = ''
    child.stderr.on('data', (chunk) => {
      log += chunk
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`The Python signer ended:\n${log}`)))
  })
  return { url, stop }
}
