import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addErrorTexts } from '../../src/engine/api/errors.ts'
import { LATER_ERROR_TEXTS } from '../../src/engine/api/later-error-texts.ts'
import { UploadError } from '../../src/engine/index.ts'
import { ENGLISH_OF_VIEWS } from '../../src/i18n/english-of-views.ts'
import {
  addEnglish,
  type LocaleSettings,
  Localize,
  type LocalizedHost,
  registerLocale,
} from '../../src/i18n/localize.ts'
import { speedText, timeLeftText } from '../../src/i18n/measures.ts'

addEnglish(ENGLISH_OF_VIEWS)
addErrorTexts(LATER_ERROR_TEXTS)

function localize(settings: LocaleSettings, owner?: LocaleSettings): Localize {
  const host = { ...settings, addController() {} } as unknown as LocalizedHost
  return new Localize(host, () => owner)
}

test('a text that a translation lacks is English, with the plurals and numbers that go with it', () => {
  registerLocale({
    code: 'fr',
    strings: { chooseFile: 'Choisir un fichier' },
    errors: { offline: 'Vous êtes hors ligne.' },
  })
  const french = localize({ locale: 'fr' })
  assert.equal(french.text('chooseFile'), 'Choisir un fichier')
  assert.equal(french.text('chooseFiles'), 'Choose files')
  // In French, 0 is singular.
  assert.equal(french.text('filesUploaded', { count: 0 }), 'All 0 files uploaded')
  assert.equal(french.text('filesUploaded', { count: 1_500 }), 'All 1\u202f500 files uploaded')
  assert.equal(french.error(new UploadError('offline', '')), 'Vous êtes hors ligne.')
  const { reason } = new UploadError('stalled', '')
  assert.equal(french.error(new UploadError('stalled', '')), reason)
})

test('own settings go before those of the owner, text by text', () => {
  registerLocale({ code: 'de', strings: { pause: 'Anhalten', resume: 'Weiter' }, errors: {} })
  const owner = { locale: 'de', strings: { pause: 'Pause', cancel: 'Halt', stalled: 'Steht.' } }
  const bound = localize({ strings: { cancel: 'Ende' } }, owner)
  const texts = [bound.text('pause'), bound.text('resume'), bound.text('cancel')]
  assert.deepEqual(texts, ['Pause', 'Weiter', 'Ende'])
  assert.equal(bound.error(new UploadError('stalled', '')), 'Steht.')
  assert.equal(localize({ locale: 'en' }, owner).text('resume'), 'Resume')
})

test('a text can be empty, to leave it out', () => {
  registerLocale({ code: 'it', strings: { orDropIt: '' }, errors: {} })
  assert.equal(localize({ locale: 'en', strings: { orDropIt: '' } }).text('orDropIt'), '')
  assert.equal(localize({ locale: 'en' }, { strings: { orDropIt: '' } }).text('orDropIt'), '')
  assert.equal(localize({ locale: 'it' }).text('orDropIt'), '')
})

test('the texts of one update look for the language once, and share their formats', (context) => {
  let looks = 0
  const closest = () => {
    looks += 1
    return null
  }
  const host = {
    closest,
    getRootNode: () => ({}),
    renderRoot: { children: [] },
    addController() {},
  }
  const texts = new Localize(host as unknown as LocalizedHost, () => undefined)
  Object.assign(globalThis, { ShadowRoot: class {} })
  context.after(() => Reflect.deleteProperty(globalThis, 'ShadowRoot'))
  const made = context.mock.method(Intl, 'NumberFormat')
  const plurals = context.mock.method(Intl, 'PluralRules')
  texts.hostUpdate()
  for (let count = 0; count < 50; count++) texts.text('filesUploaded', { count })
  assert.equal(looks, 1)
  texts.hostUpdated()
  const after = looks
  texts.text('pause')
  assert.ok(looks > after, 'outside of an update the language may have changed')
  assert.ok(made.mock.callCount() <= 1)
  assert.ok(plurals.mock.callCount() <= 1)
})

test('the time left is rough, and its last seconds are not counted', () => {
  const english = localize({ locale: 'en' })
  const texts = [3600, 61, 12, 5, 4.9, 0].map((seconds) => timeLeftText(seconds, english))
  assert.deepEqual(texts, [
    'about 1 hour left',
    'about 1 minute left',
    'about 12 seconds left',
    'about 5 seconds left',
    'a few seconds left',
    'a few seconds left',
  ])
  assert.equal(english.capitalized(texts[0] ?? ''), 'About 1 hour left')
})

test('types are a list, and speeds are units, as the language and its region write them', () => {
  const accept = 'image/*,.pdf,video/quicktime'
  const lists = (locale: string) =>
    (['disjunction', 'conjunction'] as const).map((type) =>
      localize({ locale }).accept(accept, type),
    )
  assert.deepEqual(lists('en-US'), ['images, PDF, or QUICKTIME', 'images, PDF, and QUICKTIME'])
  assert.deepEqual(lists('en-GB'), ['images, PDF or QUICKTIME', 'images, PDF and QUICKTIME'])
  assert.equal(speedText(9_300_000, localize({ locale: 'en' })), '9.3 MB/s')
  assert.equal(speedText(9_300_000, localize({ locale: 'de-CH' })), '9.3 MB/s')
  assert.equal(speedText(9_300_000, localize({ locale: 'fr' })), '9,3\u202fMo/s')
})

test('a file that is too large is told with its size, or in general if that is unknown', () => {
  const english = localize({ locale: 'en', strings: { 'too-large': '{size} > {limit}' } })
  const facts = { limit: 1_000_000, size: 4_800_000 }
  assert.equal(english.error(new UploadError('too-large', '', facts)), '4.8 MB > 1 MB')
  const { reason } = new UploadError('too-large', '', facts)
  assert.equal(reason, 'Too large: 4.8 MB. The limit is 1 MB.')
  const bare = new UploadError('too-large', '', { limit: 1_000_000 })
  assert.equal(bare.reason, 'The file is too large. Choose a smaller one.')
})
