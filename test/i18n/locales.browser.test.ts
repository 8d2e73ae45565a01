import { expect } from 'chai'
import {
  cleanUp,
  drop,
  find,
  findAll,
  mount,
  randomFile,
  until,
  upload,
} from '../support/pages/helpers.ts'
import { addresses, registerLocale } from '../support/pages/library.ts'

const signer = addresses.signers.ceph
const { documentElement: page } = document

/** What the button of an element says. */
const button = (element: Element) => findAll(element, '.browse')[0]?.textContent?.trim()

const says = (element: Element, text: string) => until(() => button(element) === text)

/** The translations that the page has asked for. */
const requested = () =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => /\/dist\/cdn\/[\w-]+\/locales\/(.*)\.js$/.exec(name)?.[1])
    .filter(Boolean)

/** Puts an element into another one, with attributes. */
function mountInside(attributes: Record<string, string>) {
  const around = document.createElement('div')
  for (const [name, value] of Object.entries(attributes)) around.setAttribute(name, value)
  document.body.append(around)
  const element = mount({ signer, multiple: true })
  around.append(element)
  return { element, around }
}

describe('languages', () => {
  afterEach(() => {
    cleanUp()
    page.lang = 'en'
    page.removeAttribute('dir')
  })

  before(() => {
    page.lang = 'en'
  })

  it('loads the language of the locale attribute, and no other', async () => {
    const before = requested().length
    const element = mount({ signer, multiple: true })
    await element.updateComplete
    expect(button(element)).to.equal('Choose files')
    element.setAttribute('locale', 'sv-FI')
    await says(element, 'Välj filer')
    mount({ signer, locale: 'sv-FI' })
    mount({ signer, locale: 'sv-SE' })
    await until(() => requested().length > before)
    expect(requested().slice(before)).to.deep.equal(['sv'])
  })

  it('speaks the language around it, also from outside of a shadow root', async () => {
    const { element, around } = mountInside({ lang: 'de' })
    await says(element, 'Dateien auswählen')
    const inner = document.createElement('div')
    around.attachShadow({ mode: 'open' }).append(inner)
    inner.append(element)
    await element.updateComplete
    expect(button(element)).to.equal('Dateien auswählen')
    around.remove()
  })

  it('follows when the language of the page changes', async () => {
    const element = mount({ signer, multiple: true })
    const { element: french, around } = mountInside({ lang: 'fr' })
    await says(french, 'Choisir des fichiers')
    page.lang = 'de'
    await says(element, 'Dateien auswählen')
    expect(button(french)).to.equal('Choisir des fichiers')
    around.lang = 'de'
    await says(french, 'Dateien auswählen')
    page.lang = 'en'
    await says(element, 'Choose files')
    around.remove()
  })

  it('says which language it speaks, where that is not the language of the page', async () => {
    const spoken = (element: Element) =>
      new Set(findAll(element, '[lang]').map((it) => it.getAttribute('lang')))
    const same = mount({ signer, multiple: true })
    const { element: german, around } = mountInside({ lang: 'de-AT' })
    // In a language that nobody has translated it is English that is spoken.
    const { element: english, around: island } = mountInside({ lang: 'is' })
    const other = mount({ signer, multiple: true, locale: 'de' })
    await says(german, 'Dateien auswählen')
    await says(other, 'Dateien auswählen')
    await until(() => spoken(english).has('en'))
    expect([...spoken(same), ...spoken(german)]).to.deep.equal([])
    expect([...spoken(other)]).to.deep.equal(['de'])
    expect(button(english)).to.equal('Choose files')
    island.lang = 'de'
    await says(english, 'Dateien auswählen')
    await until(() => spoken(english).size === 0)
    around.remove()
    island.remove()
  })

  it('writes sizes as the language does, and numbers as its region does', async () => {
    const element = mount({ signer, locale: 'de-CH', multiple: true, maxSize: '2500kB' })
    await says(element, 'Dateien auswählen')
    expect(find(element, '.hint').textContent).to.equal('Je bis zu 2.5 MB')
    element.locale = 'de'
    await until(() => find(element, '.hint').textContent === 'Je bis zu 2,5 MB')
  })

  it('says in that language what is wrong with a file', async () => {
    const element = mount({ signer, locale: 'de', multiple: true, accept: 'image/*,.pdf' })
    await says(element, 'Dateien auswählen')
    element.add([randomFile('notes.txt', 10, 'text/plain')])
    await until(() => findAll(element, '.rejections li').length > 0)
    expect(find(element, '.rejections li').textContent).to.equal(
      'notes.txt Angenommen werden nur Bilder und PDF.',
    )
  })

  it('prefers texts of the application', async () => {
    const element = mount({ signer, locale: 'de', multiple: true, maxSize: '1kB' })
    await says(element, 'Dateien auswählen')
    element.strings = { chooseFiles: 'Fotos dazu', 'too-large': 'Höchstens {limit}!' }
    await says(element, 'Fotos dazu')
    expect(find(element, '.title.fine').textContent).to.equal('Dateien hier ablegen')
    element.add([randomFile('large.jpg', 2000)])
    await until(() => findAll(element, '.rejections li').length > 0)
    expect(find(element, '.rejections li').textContent).to.equal('large.jpg Höchstens 1 kB!')
  })

  it('hands language and texts on to the elements that are bound to it', async () => {
    const owner = document.createElement('bucket-upload')
    Object.assign(owner, { id: 'owner', signer, locale: 'de', multiple: true })
    owner.strings = { dropFiles: 'Hierher damit' }
    const zone = document.createElement('bucket-upload-drop-zone')
    owner.append(zone)
    const bound = document.createElement('bucket-upload-button')
    bound.for = 'owner'
    document.body.append(owner, bound)
    await says(zone, 'Dateien auswählen')
    await says(bound, 'Dateien auswählen')
    expect(find(zone, '.title.fine').textContent).to.equal('Hierher damit')

    bound.locale = 'sv'
    bound.strings = { chooseFiles: 'Fler filer' }
    zone.strings = { chooseFiles: 'Fotos' }
    await says(bound, 'Fler filer')
    await says(zone, 'Fotos')
    expect(find(zone, '.title.fine').textContent).to.equal('Hierher damit')

    bound.strings = undefined
    owner.locale = 'fr'
    owner.strings = { dropFiles: 'Par ici' }
    await until(() => find(zone, '.title.fine').textContent === 'Par ici')
    await says(bound, 'Välj filer')
    zone.strings = undefined
    await says(zone, 'Choisir des fichiers')
    owner.remove()
    bound.remove()
  })

  it('keeps a translation that the application has registered', async () => {
    const { default: danish } = await import('../../src/locales/da.ts')
    registerLocale({ ...danish, strings: { ...danish.strings, chooseFiles: 'Tilføj billeder' } })
    const element = mount({ signer, locale: 'da-GL', multiple: true })
    await until(() => requested().includes('da'))
    await says(element, 'Tilføj billeder')
    // The file that is loaded for da-GL is there by now, and must not take over.
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(button(element)).to.equal('Tilføj billeder')
  })

  it('speaks English where there is no translation, without asking for one', async () => {
    const before = requested().length
    const element = mount({ signer, locale: 'tlh', multiple: true })
    const broken = mount({ signer, locale: 'not a language', multiple: true })
    await Promise.all([element.updateComplete, broken.updateComplete])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(button(element)).to.equal('Choose files')
    expect(button(broken)).to.equal('Choose files')
    expect(requested()).to.have.length(before)
  })

  it('has the plurals of Polish', async () => {
    const element = mount({ signer, locale: 'pl', multiple: true })
    await says(element, 'Wybierz pliki')
    const total = document.createElement('bucket-upload-progress')
    Object.assign(total, { engine: element.engine, locale: 'pl' })
    document.body.append(total)
    const title = () => total.shadowRoot?.querySelector('.title')?.textContent
    for (const [more, text] of [
      [1, 'Przesłano 1 plik'],
      [1, 'Przesłano wszystkie 2 pliki'],
      [3, 'Przesłano wszystkie pliki (5)'],
    ] as const) {
      await upload(element, ...Array.from({ length: more }, (_, at) => randomFile(`${at}.txt`, 10)))
      await until(() => title() === text)
    }
    total.remove()
  })

  it('lies in the mirror where the page runs from right to left', async () => {
    page.lang = 'ar'
    page.dir = 'rtl'
    const element = mount({
      ...{ signer: () => new Promise<never>(() => {}), multiple: true },
      variant: 'compact',
    })
    const existing = '<a slot="existing" href="/report" data-key="report">report.pdf</a>'
    element.insertAdjacentHTML('beforeend', existing)
    await says(element, 'اختيار ملفات')
    const invitation = find(element, '.or').getBoundingClientRect()
    expect(find(element, '.browse').getBoundingClientRect().left).to.be.at.least(invitation.right)

    drop(element, [randomFile('english.txt', 10), randomFile('קובץ.txt', 10)])
    await until(() => findAll(element, '.row').length === 3)
    for (const row of findAll(element, '.row')) {
      const box = (selector: string) => row.querySelector(selector)?.getBoundingClientRect()
      const [icon, name, actions] = [box('.kind'), box('.name .start'), box('.actions')]
      const end = box('.name .end')
      if (!icon || !name || !end || !actions) throw new Error('A part of the row is missing.')
      const right = Math.max(name.right, end.right)
      expect(actions.right, 'buttons at the end').to.be.below(Math.min(name.left, end.left))
      expect(icon.left, 'icon at the start').to.be.above(right)
      expect(icon.left - right, 'name beside the icon').to.be.below(20)
    }
  })

  it('leaves the direction to the page', async () => {
    const element = mount({ signer, locale: 'he', multiple: true })
    await says(element, 'בחירת קבצים')
    expect(getComputedStyle(find(element, '.zone')).direction).to.equal('ltr')
  })

  it('loads its language under a strict Content-Security-Policy', async () => {
    const frame = document.createElement('iframe')
    // In a frame without an address of its own, 'self' is nobody to Firefox.
    frame.srcdoc = `<!doctype html>
      <html lang="de">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${location.origin}; require-trusted-types-for 'script'">
        <script type="module" src="/dist/cdn/bucket-upload.js"></script>
        <bucket-upload signer="/sign"></bucket-upload>
      </html>`
    document.body.append(frame)
    await until(() => {
      const upload = frame.contentDocument?.querySelector('bucket-upload')
      return upload?.shadowRoot && findAll(upload, '.browse').length > 0
    })
    const upload = frame.contentDocument?.querySelector('bucket-upload') as Element
    await says(upload, 'Datei auswählen')
    frame.remove()
  })
})
