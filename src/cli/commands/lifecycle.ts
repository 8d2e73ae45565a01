import { type LifecycleRule, unfinishedRule, unkeptRule } from '../../s3/lifecycle.ts'
import { PROVIDERS } from '../../s3/providers.ts'
import type { Bucket } from '../../server/index.ts'
import {
  hasId,
  lifecycleXml,
  readLifecycle,
  saysTheSame,
  writeLifecycle,
} from '../bucket/lifecycle-configuration.ts'
import { parseAddress } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { CliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, textOption, type Values } from '../frame/command.ts'

/** How long the grant of an upload in parts lasts: until then it can go on. */
const UNFINISHED_DAYS = 7

/** Prints and sets the rules by which a bucket removes what nobody needs. */
export const lifecycleCommand: Command = {
  name: 'lifecycle',
  summary: 'set the rules that remove unfinished uploads, and files that nobody keeps',
  usage: [
    'lifecycle print s3://bucket [--unfinished 7] [--unkept 2]',
    'lifecycle apply s3://bucket [--unfinished 7] [--unkept 2]',
  ],
  about:
    '"print" writes the rules, and sends nothing. "apply" sets them beside the rules that are there\nalready, which all stay.',
  options: {
    unfinished: {
      type: 'string',
      value: 'DAYS',
      help: `when to remove the parts of an upload that was not finished (default ${UNFINISHED_DAYS})`,
    },
    unkept: {
      type: 'string',
      value: 'DAYS',
      help: 'when to remove the files of a signer with "expireUnkept" that nobody has kept',
    },
    ...TARGET_OPTIONS,
  },
  async run(values, [verb, text, ...more], io) {
    if (verb !== 'print' && verb !== 'apply') {
      const what = verb === undefined ? 'Say what to do' : `"${verb}" is not known`
      throw usageError('bad-argument', `${what}: use "lifecycle print" or "lifecycle apply".`)
    }
    if (text === undefined) {
      throw usageError('missing-argument', 'The bucket is missing: write it as "s3://bucket".')
    }
    const { bucket: name, key } = parseAddress(text)
    const tooMuch = key || more[0]
    if (tooMuch) {
      throw usageError(
        'bad-argument',
        `"${tooMuch}" is too much: rules are set for a whole bucket.`,
      )
    }
    const unfinished = readDays(values, 'unfinished') ?? UNFINISHED_DAYS
    const unkept = readDays(values, 'unkept')
    const bucket = await findBucket(name, values, io)
    checkTags(bucket, unkept)
    if (bucket.provider === 'storj') return tellStorj(io)
    const rules = [
      unfinishedRule(unfinished),
      ...(unkept === undefined ? [] : [unkeptRule(unkept)]),
    ]
    return verb === 'print' ? print(rules, io) : apply(bucket, rules, io)
  },
}

function readDays(values: Values, option: string): number | undefined {
  const text = textOption(values, option)
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw usageError('bad-option', `"--${option}" is "${text}": write a number of days, from 1 on.`)
}

/** Of another server nobody knows it: there the rule is read again once it is set. */
function checkTags({ provider, expiresByTag }: Bucket, unkept: number | undefined): void {
  if (unkept === undefined || expiresByTag || provider === 's3') return
  throw usageError(
    'bad-option',
    `"--unkept": ${PROVIDERS[provider].title} is not known to expire objects by their tags.`,
  )
}

/** @see https://github.com/storj/storj satellite/metabase/zombiedeletion/chore.go */
function tellStorj(io: Io): number {
  const message = 'Storj removes unfinished uploads after a day, and there is no rule to set.'
  if (io.json) io.out(JSON.stringify({ provider: 'storj', fixed: true, message }))
  else io.err(message)
  return EXIT.ok
}

function print(rules: LifecycleRule[], io: Io): number {
  if (!io.json) {
    io.err('Set it by "lifecycle apply", or in the place of all other rules by:')
    io.err('aws s3api put-bucket-lifecycle-configuration --lifecycle-configuration file://…')
  }
  io.out(JSON.stringify({ Rules: rules }, null, io.json ? undefined : 2))
  return EXIT.ok
}

async function apply(bucket: Bucket, rules: LifecycleRule[], io: Io): Promise<number> {
  const stored = await readLifecycle(bucket, io.signal)
  const others = stored.filter((xml) => !rules.some((rule) => hasId(xml, rule)))
  const isIn = (rule: LifecycleRule, all: string[]) => all.some((xml) => saysTheSame(xml, rule))
  const isDone = rules.every((rule) => isIn(rule, stored))
  if (!isDone) {
    await writeLifecycle(bucket, [...others, ...rules.map(lifecycleXml)], io.signal)
    const now = await readLifecycle(bucket, io.signal)
    if (!rules.every((rule) => isIn(rule, now))) {
      throw new CliError(
        'lifecycle-not-kept',
        'The bucket took the rules and did not keep them: set them with the tools of the provider.',
      )
    }
  }
  if (io.json) io.out(JSON.stringify({ rules, changed: !isDone, kept: others.length }))
  else {
    const what = isDone ? 'The rules were there already' : 'The rules are set'
    io.err(`${io.style('green', '✓')} ${what}; other rules: ${others.length} kept.`)
  }
  return EXIT.ok
}
