/** The recipes for other frameworks as applications: the files of their pages, and a little around them. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LARAVEL, type Need, RAILS } from '../../../scripts/lib/system.ts'
import { snippetBelow } from '../docs/snippets.ts'
import { untilAnswered } from '../docs/until-answered.ts'
import type { Gateway } from '../servers/ceph.ts'
import { freePorts } from '../servers/ports.ts'
import { startIn } from './example-signer.ts'
import { quickStart, stepsOf } from './quick-start.ts'

/** A framework whose page is followed. */
export interface Recipe {
  name: string
  need: Need
  /** The page, relative to the documents, without its ending. */
  page: string
  command(folder: string): string[]
  /** What every application has, by its path, and the reader of receipts where the page says. */
  files: Record<string, string>
}

/** A recipe that runs, with its signer. */
export interface RunningRecipe {
  /** Of the application. */
  url: string
  signerUrl: string
  /** Where its database is. */
  database: string
  stop(): void
}

const SECRET = 'a secret, 16 characters or more'
const RECEIPTS = 'docs/receipts.md'
const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const RECIPES: Recipe[] = [
  {
    name: 'Rails',
    need: RAILS,
    page: 'recipes/rails',
    command: (folder) => ['ruby', ours('recipes/rails.rb'), folder],
    files: {
      'app/controllers/application_controller.rb': `class ApplicationController < ActionController::Base
  def current_user
    session[:user] && User.find(session[:user])
  end

  def authenticate_user!
    head :unauthorized unless current_user
  end
end
`,
      'app/controllers/sessions_controller.rb': `class SessionsController < ApplicationController
  def create
    session[:user] = params[:id]
    head :ok
  end
end
`,
      'app/controllers/concerns/read_receipt.rb': `module ReadReceipt
  private

${snippetBelow(RECEIPTS, '### Ruby', 'ruby')}
end
`,
      'app/models/application_record.rb': `class ApplicationRecord < ActiveRecord::Base
  self.abstract_class = true
end
`,
      'app/models/user.rb': `class User < ApplicationRecord
  has_many :papers
end
`,
    },
  },
  {
    name: 'Laravel',
    need: LARAVEL,
    page: 'recipes/laravel',
    command: () => ['php', '-S', '127.0.0.1:0', ours('recipes/laravel.php')],
    files: {
      'app/Http/Controllers/Controller.php': `<?php

namespace App\\Http\\Controllers;

abstract class Controller extends \\Illuminate\\Routing\\Controller
{
}
`,
      'app/receipts.php': `<?php\n\n${snippetBelow(RECEIPTS, '### PHP', 'php')}`,
      'bootstrap/cache/.gitignore': '*\n',
      'storage/sessions/.gitignore': '*\n',
      'storage/views/.gitignore': '*\n',
      'database.sqlite': '',
    },
  },
]

/**
 * Starts the application and the signer of a page.
 *
 * @throws {Error} with its output, if one of them does not start
 */
export async function startRecipe(
  { page, command, files }: Recipe,
  { endpoint, region, accessKeyId, secretAccessKey }: Gateway,
  bucket: string,
): Promise<RunningRecipe> {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'))
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  for (const step of stepsOf(quickStart(page))) {
    if (step.kind === 'write' && step.path !== '.env') write(step.path, ofThisProject(step.content))
  }
  const env = {
    ...{ SIGNER_SECRET: SECRET, AWS_BUCKET: bucket, AWS_ENDPOINT: endpoint },
    ...{ AWS_DEFAULT_REGION: region, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    RECIPE_FOLDER: folder,
  }
  const app = await startIn(folder, command(folder), env)
  const [port = 0] = await freePorts(1)
  const signer = spawn(process.execPath, ['signer.mjs'], {
    ...{ cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
    env: { ...process.env, ...env, APP_URL: app.url, SIGNER_PORT: String(port) },
  })
  process.once('exit', () => signer.kill())
  await untilAnswered(port, { method: 'OPTIONS' })
  return {
    ...{ url: app.url, signerUrl: `http://127.0.0.1:${port}/` },
    database: join(folder, 'database.sqlite'),
    stop() {
      app.stop()
      signer.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The code of a page with this library instead of an installed one. */
function ofThisProject(code: string): string {
  return code
    .replace(
      "'bucket-upload/server'",
      `'${new URL('../../../src/server/index.ts', import.meta.url)}'`,
    )
    .replace(
      "'bucket-upload/server/node'",
      `'${new URL('../../../src/server/http/node.ts', import.meta.url)}'`,
    )
}
