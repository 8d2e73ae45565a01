import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError } from '../../src/engine/index.ts'
import {
  type LocaleSettings,
  Localize,
  type LocalizedHost,
  registerLocale,
} from '../../src/i18n/localize.ts'

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
  assert.equal(french.text('filesUploaded', { count: 0 }), '0 files uploaded')
  assert.equal(french.text('filesUploaded', { count: 1_500 }), '1\u202f500 files uploaded')
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
