/** What all commands have in common: help, version, exit codes, JSON, colors, wrong options. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { suggest } from '../../src/util/suggest.ts'
import { bucketUpload, bucketUploadProcess } from '../support/command.ts'

const PACKAGE = new URL('../../package.json', import.meta.url)
const names = COMMANDS.map(({ name }) => name)

test('--version tells the version of the package', async () => {
  const { version } = JSON.parse(await readFile(PACKAGE, 'utf8'))
  const told = { code: 0, stdout: `${version}\n`, stderr: '' }
  assert.deepEqual(await bucketUploadProcess(['--version']), told)
  assert.deepEqual(await bucketUpload(['--version']), told)
})

describe('help', () => {
  for (const args of [['help'], ['--help'], ['-h']]) {
    test(`"${args}" lists the commands and the exit codes on stdout`, async () => {
      const { code, stdout, stderr } = await bucketUpload(args)
      assert.equal(code, 0)
      assert.equal(stderr, '')
      for (const name of names) assert.match(stdout, new RegExp(`^ {2}${name} {2,}\\S`, 'm'))
      assert.match(stdout, /^ {2}130 {2}stopped by Ctrl-C$/m)
      assert.match(stdout, /^ {2}143 {2}stopped by SIGTERM$/m)
    })
  }

  test('no command at all is a wrong command line', async () => {
    const { code, stdout, stderr } = await bucketUpload([])
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /^Usage$/m)
  })

  for (const { name, usage, options } of COMMANDS) {
    test(`of "${name}" is the same both ways, and has each option`, async () => {
      const [one, other] = await Promise.all([
        bucketUpload(['help', name]),
        bucketUpload([name, '--help']),
      ])
      assert.deepEqual(one, other)
      assert.equal(one.code, 0)
      for (const line of usage) assert.ok(one.stdout.includes(`  bucket-upload ${line}\n`), line)
      for (const option of Object.keys(options)) assert.match(one.stdout, RegExp(`--${option}\\b`))
    })
  }
})

describe('what is not known', () => {
  test('a command is answered with the nearest one', async () => {
    const { code, stderr } = await bucketUpload(['hlep'])
    assert.equal(code, 2)
    assert.equal(stderr, 'Error: "hlep" is not a command. Did you mean "help"? (unknown-command)\n')
  })

  test('one that is near to nothing leads to the list', async () => {
    const { stderr } = await bucketUpload(['frobnicate'])
    assert.match(stderr, /"frobnicate" is not a command. "bucket-upload help" lists them\./)
  })

  test('an error is JSON on stdout with --json', async () => {
    const { code, stdout, stderr } = await bucketUpload(['hlep', '--json'])
    assert.equal(code, 2)
    assert.equal(stderr, '')
    assert.deepEqual(JSON.parse(stdout), {
      error: {
        code: 'unknown-command',
        message: '"hlep" is not a command. Did you mean "help"?',
      },
    })
  })
})

test('the nearest name is one that is near', () => {
  const all = ['presign', 'upload', 'download', 'cors', 'doctor', 'serve']
  for (const [text, name] of [
    ['presing', 'presign'],
    ['uplaod', 'upload'],
    ['Doctor', 'doctor'],
    ['core', 'cors'],
    ['down', 'download'],
    ['x', undefined],
    ['', undefined],
    ['bananas', undefined],
  ] as const) {
    assert.equal(suggest(text, all), name, text)
  }
})
