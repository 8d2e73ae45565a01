/** Runs the package in `python` in the frameworks of its guide. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { locatePythonOf, SIGNER_TOOLS } from '../../../scripts/lib/python.ts'
import { snippetBelow } from '../docs/snippets.ts'
import { freePorts } from '../servers/ports.ts'
import { type ExampleSigner, type SignerBucket, settingsOf, startIn } from './example-signer.ts'

/** The folder of the package. */
export const PYTHON_FOLDER = fileURLToPath(new URL('../../../python', import.meta.url))

/** A Python with all that the package is tested with; `undefined` where it could not be installed. */
export const SIGNER_PYTHON = locatePythonOf(SIGNER_TOOLS)

/** So that the package is found as it is, without being installed. */
export const PYTHON_PATH = { PYTHONPATH: join(PYTHON_FOLDER, 'src'), PYTHONDONTWRITEBYTECODE: '1' }

/** What the caller of these signers has to send. */
export const PROOF = { Authorization: 'Bearer 42' }

const GUIDE = 'docs/python.md'

const USER = `
def user_of(request):
    return {"Bearer 42": "42"}.get(request.headers.get("Authorization"))


`

/** What a reader has around the code of the guide. */
const AROUND: Record<string, { before: string; after: string }> = {
  FastAPI: {
    before: '',
    after:
      'import uvicorn\nprint(URL, flush=True)\nuvicorn.run(app, port=PORT, log_level="error")\n',
  },
  Flask: {
    before: '',
    after: 'print(URL, flush=True)\napp.run(port=PORT)\n',
  },
  Django: {
    before: `from django.conf import settings

settings.configure(DEBUG=False, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__)
`,
    after: `from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application
from django.urls import path

urlpatterns = [path("sign", sign)]
print(URL, flush=True)
run("127.0.0.1", PORT, get_wsgi_application(), threading=True)
`,
  },
}

/** The frameworks of the guide. */
export const FRAMEWORKS = Object.keys(AROUND)

/** A site that lets its users take files back, and whose jobs are over when they are asked about again. */
const WITH_JOBS = `import os
from types import SimpleNamespace

import boto3

place = {"endpoint_url": os.environ["BUCKET_UPLOAD_ENDPOINT"], "region_name": os.environ["BUCKET_UPLOAD_REGION"]}
client = boto3.client("s3", **place)
secret = os.environ["SIGNER_SECRET"]
asked = set()


def start_job(key):
    return "job 7"


def find_job(id):
    is_over = id in asked
    asked.add(id)
    link = "https://cdn.example/film.m3u8"
    return SimpleNamespace(failed=False, is_over=is_over, share=0.4, url=link, seconds=12)


`

/** The signer of the guide that goes on with films, for any file, which people can take back. */
export function signerWithJobs(): string {
  const code = snippetBelow(GUIDE, '## After the upload', 'python')
  const changes = [
    ['accept="video/*"', 'discard_expires="1h"'],
    [
      '"films", secret=secret,',
      'os.environ["BUCKET_UPLOAD_BUCKET"],\n    secret=os.environ["SIGNER_SECRET"],\n',
    ],
  ] as const
  return changes.reduce((text, [from, to]) => replaced(text, from, to), WITH_JOBS + code)
}

/** @throws {Error} where the guide says something else by now */
function replaced(text: string, from: string, to: string): string {
  if (text.includes(from)) return text.replace(from, to)
  throw new Error(`${GUIDE} has no ${from} in its signer.`)
}

/**
 * Starts a signer in a framework, as the guide has it.
 *
 * @param origin of the page that may ask it
 * @param signer that of the guide's first lines, or another
 */
export async function startInFramework(
  framework: string,
  bucket: SignerBucket,
  origin: string,
  signer = snippetBelow(GUIDE, '# A signer in Python', 'python'),
): Promise<ExampleSigner> {
  const { before, after } = AROUND[framework] ?? { before: '', after: '' }
  const folder = mkdtempSync(join(tmpdir(), 'python-signer-'))
  const [port] = await freePorts(1)
  const secret = '    secret=os.environ["SIGNER_SECRET"],\n'
  const listed = replaced(signer, secret, `${secret}    origins=["${origin}"],\n`)
  writeFileSync(join(folder, 'signer.py'), listed)
  const code = snippetBelow(GUIDE, `### ${framework}`, 'python')
  const place = `PORT = ${port}\nURL = "http://127.0.0.1:${port}/sign"\n`
  writeFileSync(join(folder, 'app.py'), `${before}${place}${USER}${code}\n\n${after}`)
  const started = await startIn(folder, [SIGNER_PYTHON ?? '', 'app.py'], {
    ...settingsOf(bucket, origin),
    ...PYTHON_PATH,
    SIGNER_SECRET: 'a secret for the tests of the signer',
  })
  await answering(started.url)
  return {
    url: started.url,
    stop() {
      started.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** It says where it will listen before it does. */
async function answering(url: string): Promise<void> {
  for (let tries = 300; tries > 0; tries -= 1) {
    if (await fetch(url).catch(() => undefined)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Nothing answers at ${url}`)
}
