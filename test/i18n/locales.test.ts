import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { LOCALES_FILE, localeCodes, localesSource } from '../../scripts/lib/locales.ts'
import { UPLOAD_ERROR_CODES } from '../../src/engine/api/error-codes.ts'
import { addErrorTexts } from '../../src/engine/api/errors.ts'
import { LATER_ERROR_TEXTS } from '../../src/engine/api/later-error-texts.ts'
import {
  describeAccept,
  formatBytes,
  UploadError,
  type UploadErrorCode,
} from '../../src/engine/index.ts'
import { ENGLISH as ENGLISH_FIRST } from '../../src/i18n/english.ts'
import { ENGLISH_OF_ORDER } from '../../src/i18n/english-of-order.ts'
import { ENGLISH_OF_RECORDER } from '../../src/i18n/english-of-recorder.ts'
import { ENGLISH_OF_VIEWS } from '../../src/i18n/english-of-views.ts'
import { firstSentence } from '../../src/i18n/first-sentence.ts'
import type { Locale } from '../../src/i18n/localize.ts'
import type { Plural } from '../../src/i18n/plural.ts'
import { closestLocale } from '../../src/locales/closest-locale.ts'
import { LOCALE_CODES } from '../../src/locales/codes.ts'
import { LOCALES, loadLocale } from '../../src/locales/index.ts'

type Text = string | Plural

addErrorTexts(LATER_ERROR_TEXTS)

const ENGLISH = {
  ...ENGLISH_FIRST,
  ...ENGLISH_OF_VIEWS,
  ...ENGLISH_OF_ORDER,
  ...ENGLISH_OF_RECORDER,
}

/** What may be the same as in English: it has no words, or the language uses the English ones. */
const SAME: Record<string, string[]> = {
  all: ['comma', 'size', 'uploadedAndFailed', 'actionOn'],
  ca: ['zoom'],
  da: ['start', 'zoom'],
  de: ['zoom'],
  es: ['zoom'],
  fr: ['images', 'zoom'],
  id: ['zoom'],
  it: ['zoom'],
  nb: ['zoom'],
  'pt-BR': ['zoom'],
  'pt-PT': ['zoom'],
  ro: ['zoom'],
}

/** Letters that look alike are easily taken from the wrong alphabet. */
const MIXED_WORD =
  /\p{sc=Latin}[\p{sc=Cyrillic}\p{sc=Greek}]|[\p{sc=Cyrillic}\p{sc=Greek}]\p{sc=Latin}/u
const PLACEHOLDER = /\{\w+\}/g
const [LIMIT, SIZE, ACCEPT] = [123_456, 234_567, '.xyz']

/** Texts on buttons. */
const BUTTONS = (
  'chooseFile chooseFiles chooseFolder add addMore showFewer chooseAgain continue continueAll discard start ' +
  'pauseAll resumeAll cancelAll retry clear copyLink copyLinks copied renewLink keep change usePhoto ' +
  'recordVideo recordAudio recordScreen stopRecording sendRecording deleteRecording'
).split(' ') as (keyof typeof ENGLISH)[]

/** The widths of a text, in Latin letters. */
function width(text: string): number {
  const wide = text.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0
  const marks = text.match(/\p{Mn}/gu)?.length ?? 0
  return text.length + wide - marks
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const locales = await Promise.all(localeCodes().map(async (code) => loaded(code)))

async function loaded(code: string): Promise<Locale> {
  return (await import(`../../src/locales/${code}.ts`)).default
}

/** Every text, with its path: `tooMany.one`. */
function flatten(texts: Record<string, Text>): [path: string, text: string][] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string'
      ? [[key, text] as [string, string]]
      : Object.entries(text).map(([category, it]): [string, string] => [`${key}.${category}`, it]),
  )
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(PLACEHOLDER))].sort()
}

function sentence(code: UploadErrorCode, facts = {}): string {
  return new UploadError(code, '', facts).reason
}

/** All that an error may know. */
const FACTS = { limit: LIMIT, size: SIZE, accept: ACCEPT }

/** What an English sentence about an error has put in, as a translation writes it. */
function placeholdersOfError(code: UploadErrorCode): string[] {
  const text = sentence(code, FACTS)
  return [
    text.includes(` ${LIMIT.toLocaleString('en')} `) ? '{count}' : '',
    text.includes(formatBytes(LIMIT)) ? '{limit}' : '',
    text.includes(formatBytes(SIZE)) ? '{size}' : '',
    text.includes(describeAccept(ACCEPT)) ? '{types}' : '',
  ].filter(Boolean)
}

/** The names of all sentences that a translation needs. */
function errorKeys(): string[] {
  return UPLOAD_ERROR_CODES.flatMap((code) => {
    const needsFacts = placeholdersOfError(code).length > 0
    const worksWithout = !/\d|undefined/.test(sentence(code))
    return needsFacts && worksWithout ? [code, `${code}.unknown`] : [code]
  }).sort()
}

/** A category that holds for one number only may write it as a word. */
function isOneNumber(language: string, category: string): boolean {
  const rules = new Intl.PluralRules(language)
  const numbers = Array.from({ length: 200 }, (_, number) => number)
  return numbers.filter((number) => rules.select(number) === category).length === 1
}

/** A plural has to have exactly the categories of its language, and each of them what is put in. */
function checkPlural(language: string, key: string, text: Plural, expected: string[]): void {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  assert.deepEqual(Object.keys(text).sort(), [...categories].sort(), key)
  const rest = expected.filter((it) => it !== '{count}')
  for (const [category, it] of Object.entries(text)) {
    const found = placeholders(it)
    const wanted = isOneNumber(language, category) && !found.includes('{count}') ? rest : expected
    assert.deepEqual(found, wanted, `${key}.${category}`)
  }
}

/**
 * Of these names, those that a translation must have and lacks. A text that most languages have must not
 * be missing in any. A new one is English until it is translated.
 */
function missing(names: string[], kind: 'strings' | 'errors', locale: Locale): string[] {
  const isTranslated = (name: string) =>
    locales.filter((it) => name in it[kind]).length > locales.length / 2
  return names.filter((name) => !(name in locale[kind]) && isTranslated(name))
}

/** The names that a translation has, and must not have. */
function unknown(names: string[], translated: object): string[] {
  return Object.keys(translated).filter((name) => !names.includes(name))
}

test('the list of languages is that of the files', async () => {
  const format = ['format', `--stdin-file-path=${LOCALES_FILE}`]
  const input = localesSource()
  const fresh = execFileSync(`${root}node_modules/.bin/biome`, format, { cwd: root, input })
  assert.equal(
    await readFile(`${root}${LOCALES_FILE}`, 'utf8'),
    fresh.toString(),
    'Run: node scripts/locales.ts',
  )
})

test('lists what is not translated yet', (t) => {
  for (const { code, strings, errors } of locales) {
    const texts = Object.keys(ENGLISH).filter((key) => !(key in strings))
    const sentences = errorKeys().filter((key) => !(key in errors))
    const all = [...texts, ...sentences]
    if (all.length > 0) t.diagnostic(`not in ${code} yet: ${all.join(', ')}`)
  }
})

test('there are at least 30 languages, and each can be loaded', async () => {
  assert.ok(LOCALE_CODES.length >= 30)
  assert.deepEqual(LOCALE_CODES, localeCodes())
  assert.deepEqual(Object.keys(LOCALES), LOCALE_CODES)
  for (const code of LOCALE_CODES) {
    assert.equal((await loadLocale(code))?.code, code)
    assert.equal(Intl.getCanonicalLocales(code)[0], code)
  }
})

test('docs/languages.md names each language', async () => {
  const page = await readFile(new URL('../../docs/languages.md', import.meta.url), 'utf8')
  const [, list = ''] = /^## All languages\n([^#]*)/m.exec(page) ?? []
  const named = [...list.matchAll(/`(.+?)`/g)].map(([, code]) => code)
  assert.deepEqual(named.sort(), [...LOCALE_CODES].sort())
  assert.ok(page.includes(`English and ${LOCALE_CODES.length} other languages`))
})

for (const locale of locales) {
  const { code: language, strings, errors } = locale

  test(`${language} has every text, each with its placeholders and plurals`, () => {
    const names = Object.keys(ENGLISH)
    assert.deepEqual(missing(names, 'strings', locale), [], 'missing')
    assert.deepEqual(unknown(names, strings), [], 'unknown')
    for (const [key, english] of Object.entries(ENGLISH) as [keyof typeof ENGLISH, Text][]) {
      const text: Text | undefined = strings[key]
      if (text === undefined) continue
      assert.equal(typeof text, typeof english, key)
      const expected = placeholders(typeof english === 'string' ? english : english.other)
      if (typeof text === 'string') assert.deepEqual(placeholders(text), expected, key)
      else checkPlural(language, key, text, expected)
    }
  })

  test(`${language} has a sentence for every error`, () => {
    assert.deepEqual(missing(errorKeys(), 'errors', locale), [], 'missing')
    assert.deepEqual(unknown(errorKeys(), errors), [], 'unknown')
    for (const [key, text] of Object.entries(errors) as [string, Text][]) {
      const code = UPLOAD_ERROR_CODES.find((it) => it === key)
      const expected = code ? placeholdersOfError(code) : []
      assert.equal(typeof text === 'object', expected.includes('{count}'), key)
      if (typeof text === 'string') assert.deepEqual(placeholders(text), expected, key)
      else checkPlural(language, key, text, expected)
    }
  })

  test(`${language} says what happened before it gives advice`, () => {
    for (const code of UPLOAD_ERROR_CODES) {
      const text = errors[code]
      if (typeof text !== 'string') continue
      const english = sentence(code, FACTS)
      const advises = firstSentence(english) !== english
      assert.equal(firstSentence(text).length < text.length, advises, `${code}: ${text}`)
    }
  })

  test(`${language} has buttons of about the same width`, () => {
    for (const key of BUTTONS) {
      const [text, english] = [strings[key] ?? '', ENGLISH[key]]
      assert.ok(typeof text === 'string' && typeof english === 'string', key)
      // A short word such as "Add" may become three times as long, and still be short.
      assert.ok(width(text) <= Math.max(24, 2 * width(english)), `${key}: ${text}`)
    }
  })

  test(`${language} is clean, and not English`, () => {
    const english = new Map([
      ...flatten(ENGLISH),
      ...UPLOAD_ERROR_CODES.map((code): [string, string] => [code, sentence(code)]),
    ])
    const same = [...(SAME.all ?? []), ...(SAME[language] ?? [])]
    for (const [path, text] of [
      ...flatten(strings as Record<string, Text>),
      ...flatten(errors as Record<string, Text>),
    ]) {
      const key = path.replace(/\..*/, '')
      if (key !== 'comma') assert.equal(text, text.trim(), path)
      assert.doesNotMatch(text, /["'`<>]| {2}|\.\.\./, path)
      assert.doesNotMatch(text, MIXED_WORD, path)
      if (!same.includes(key)) assert.notEqual(text, english.get(path), path)
    }
  })
}

test('a language is found by less exact tags, and by those that stand for it', () => {
  const expected: Record<string, string | undefined> = {
    de: 'de',
    'de-AT': 'de',
    'de-Latn-AT-1996': 'de',
    'pt-BR': 'pt-BR',
    pt: 'pt-PT',
    'pt-AO': 'pt-PT',
    no: 'nb',
    'nn-NO': 'nb',
    zh: 'zh-CN',
    'zh-SG': 'zh-CN',
    'zh-Hans-HK': 'zh-CN',
    'zh-HK': 'zh-TW',
    'zh-Hant': 'zh-TW',
    'zh-Hant-MO': 'zh-TW',
    'sr-RS': 'sr',
    'sr-Latn-RS': 'sr-Latn',
    'sr-ME': 'sr-Latn',
    en: undefined,
    'en-GB': undefined,
    tlh: undefined,
  }
  for (const [tag, code] of Object.entries(expected)) assert.equal(closestLocale(tag), code, tag)
})

test('the loader takes tags as people write them', async () => {
  assert.equal((await loadLocale('PT-br'))?.code, 'pt-BR')
  assert.equal((await loadLocale('iw'))?.code, 'he')
  assert.equal(await loadLocale('not a tag'), undefined)
  assert.equal(await loadLocale('constructor'), undefined)
})

test('no text has the name of an error, so that both can be overridden in one place', () => {
  assert.deepEqual(
    Object.keys(ENGLISH).filter((key) => errorKeys().includes(key)),
    [],
  )
})

test('sizes in Latin letters keep their order in a line from right to left', () => {
  for (const { code, strings } of locales) {
    const script = new Intl.Locale(code).maximize().script ?? ''
    if (!['Arab', 'Hebr'].includes(script)) continue
    const isLatin = /\p{sc=Latin}/u.test(formatBytes(5_000_000, code))
    assert.equal(/^\u2068.*\u2069$/.test(strings.size ?? ''), isLatin, code)
  }
})

test('Serbian says the same in both scripts', async () => {
  const [cyrillic, latin] = [await loaded('sr'), await loaded('sr-Latn')]
  const letters =
    'а-a б-b в-v г-g д-d ђ-đ е-e ж-ž з-z и-i ј-j к-k л-l љ-lj м-m н-n њ-nj о-o п-p р-r'
  const more = 'с-s т-t ћ-ć у-u ф-f х-h ц-c ч-č џ-dž ш-š'
  const table = new Map(
    `${letters} ${more}`.split(' ').map((it) => it.split('-') as [string, string]),
  )
  const written = (text: string) =>
    text.replace(/\p{Script=Cyrillic}/gu, (letter) => {
      const to = table.get(letter.toLowerCase()) ?? letter
      return letter === letter.toLowerCase() ? to : to.charAt(0).toUpperCase() + to.slice(1)
    })
  assert.deepEqual(JSON.parse(written(JSON.stringify(cyrillic.strings))), latin.strings)
  assert.deepEqual(JSON.parse(written(JSON.stringify(cyrillic.errors))), latin.errors)
})
