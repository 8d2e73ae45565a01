import { type CorsRule, corsRuleFor } from '../../s3/cors.ts'
import { corsCommand, PROVIDERS } from '../../s3/providers.ts'
import type { Bucket } from '../../server/index.ts'
import { isSameRule, readRules, ruleXml, writeRules } from '../bucket/cors-configuration.ts'
import { parseAddress } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { CliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, listOption, type Values } from '../frame/command.ts'

/** Shows, prints and sets the CORS rule of a bucket. */
export const corsCommands: Command = {
  name: 'cors',
  summary: 'show or set the rule by which a bucket allows pages',
  usage: [
    'cors show s3://bucket',
    'cors print --origin https://app.example s3://bucket',
    'cors apply --origin https://app.example s3://bucket [--replace]',
  ],
  about:
    '"show" asks the bucket for its rules. "print" writes the rule that a page needs, and sends nothing.\n"apply" sets it, before the rules that are there already, which stay unless "--replace" is given.',
  options: {
    origin: {
      type: 'string',
      multiple: true,
      value: 'ORIGIN',
      help: 'where the page is, as https://app.example; may be given more than once',
    },
    replace: { type: 'boolean', help: 'apply: remove all other rules' },
    ...TARGET_OPTIONS,
  },
  async run(values, [verb, text, ...more], io) {
    if (verb !== 'show' && verb !== 'print' && verb !== 'apply') {
      const what = verb === undefined ? 'Say what to do' : `"${verb}" is not known`
      throw usageError('bad-argument', `${what}: use "cors show", "cors print" or "cors apply".`)
    }
    if (text === undefined) {
      throw usageError('missing-argument', 'The bucket is missing: write it as "s3://bucket".')
    }
    const { bucket: name, key } = parseAddress(text)
    const tooMuch = key || more[0]
    if (tooMuch) {
      throw usageError('bad-argument', `"${tooMuch}" is too much: CORS is set for a whole bucket.`)
    }
    const origins = verb === 'show' ? [] : readOrigins(values)
    const bucket = await findBucket(name, values, io)
    if (bucket.cors.control === 'fixed') return tellFixed(bucket, io)
    if (verb === 'show') return show(bucket, io)
    const rule = corsRuleFor(origins)
    if (bucket.cors.control === 'elsewhere') return tellElsewhere(bucket, rule, verb, io)
    return verb === 'print' ? print(bucket, rule, io) : apply(bucket, rule, values, io)
  },
}

function readOrigins(values: Values): string[] {
  const origins = listOption(values, 'origin')
  if (origins.length === 0) {
    throw usageError(
      'missing-argument',
      'Say where the page is: add for example "--origin https://app.example".',
    )
  }
  return origins.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (text === '*') return text
    if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
    throw usageError(
      'bad-option',
      `"--origin" is "${text}", which is not an origin: write scheme, host and port only, as "https://app.example".`,
    )
  })
}

function tellFixed({ provider }: Bucket, io: Io): number {
  const message = `${PROVIDERS[provider].title} allows every page, and there is no rule to set.`
  if (io.json) io.out(JSON.stringify({ provider, fixed: true, message }))
  else io.err(message)
  return EXIT.ok
}

/** Qencode documents CORS for its CDN only, in another API with other keys. */
function tellElsewhere(bucket: Bucket, rule: CorsRule, verb: string, io: Io): number {
  const { title } = PROVIDERS[bucket.provider]
  if (rule.AllowedOrigins.length > 1) {
    throw usageError('bad-option', `${title} takes one origin: give "--origin" once, or as "*".`)
  }
  const [introduction = '', command = ''] = corsCommand(rule, bucket).split('\n')
  if (verb === 'apply') {
    throw new CliError(
      'cors-elsewhere',
      `${title} sets CORS by another API, with a token of that: "cors print" has the command.`,
    )
  }
  if (io.json) io.out(JSON.stringify({ provider: bucket.provider, rule, command }))
  else {
    io.err(introduction)
    io.out(command)
  }
  return EXIT.ok
}

async function show(bucket: Bucket, io: Io): Promise<number> {
  const rules = (await readRules(bucket, io.signal)).map(({ rule }) => rule)
  if (rules.length === 0 && !io.json) {
    io.err('The bucket has no rule, and allows no page: "cors apply" sets one.')
  }
  io.out(JSON.stringify({ CORSRules: rules }, null, io.json ? undefined : 2))
  return EXIT.ok
}

function print(bucket: Bucket, rule: CorsRule, io: Io): number {
  if (!io.json) {
    io.err('Set it by "cors apply", or in the place of all other rules by:')
    io.err(corsCommand(rule, bucket))
  }
  io.out(JSON.stringify({ CORSRules: [rule] }, null, io.json ? undefined : 2))
  return EXIT.ok
}

async function apply(bucket: Bucket, rule: CorsRule, values: Values, io: Io): Promise<number> {
  const stored = await readRules(bucket, io.signal)
  const isThere = stored.some((each) => isSameRule(each.rule, rule))
  const others = stored.filter((each) => !isSameRule(each.rule, rule))
  const isDone = isThere && (others.length === 0 || !values.replace)
  if (!isDone) {
    // The first rule that fits is the one that counts.
    const kept = values.replace ? [] : others.map(({ xml }) => xml)
    await writeRules(bucket, [ruleXml(rule), ...kept], io.signal)
    const now = await readRules(bucket, io.signal)
    if (!now.some((each) => isSameRule(each.rule, rule))) {
      throw new CliError(
        'cors-not-kept',
        'The bucket took the rule and did not keep it: set it with the tools of the provider.',
      )
    }
  }
  const removed = values.replace ? others.length : 0
  const kept = others.length - removed
  if (io.json) io.out(JSON.stringify({ rule, changed: !isDone, kept, removed }))
  else {
    const what = isDone ? 'The rule was there already' : 'The rule is set'
    io.err(`${io.style('green', '✓')} ${what}; other rules: ${kept} kept, ${removed} removed.`)
  }
  return EXIT.ok
}
