import { expect } from 'chai'
import type { BucketUpload, UploadVariant } from '../../src/index.ts'
import { cleanUp, drawn, find, findAll, mount, randomFile } from '../support/pages/helpers.ts'
import '../support/pages/library.ts'

/** With a file that waits, so that there is a row. */
async function widget(
  tokens: Record<string, string> = {},
  variant?: string,
): Promise<BucketUpload> {
  const element = mount({ manual: true, multiple: true, variant: variant as UploadVariant })
  for (const [name, value] of Object.entries(tokens)) {
    element.style.setProperty(`--bucket-upload-${name}`, value)
  }
  element.add([randomFile('notes.txt', 10)])
  await drawn(element)
  return element
}

const styleOf = (element: BucketUpload, part: string) =>
  getComputedStyle(find(element, `[part~=${part}]`))
const heightOf = (element: BucketUpload, part: string) =>
  find(element, `[part~=${part}]`).getBoundingClientRect().height

/** The contrast of two colors, whatever syntax they are in. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) throw new Error('There is no canvas.')
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe('the usual colors', () => {
  afterEach(cleanUp)

  for (const scheme of ['light', 'dark']) {
    it(`have 3:1 for the border of the zone and for icons, ${scheme}`, async () => {
      // Before it is drawn: colors change with a transition.
      document.documentElement.style.colorScheme = scheme
      const element = await widget()
      document.documentElement.style.colorScheme = ''
      element.style.colorScheme = scheme
      const zone = getComputedStyle(find(element, '.zone'))
      const card = getComputedStyle(find(element, '.card'))
      const [mark, kind, end] = ['.mark', '.kind', '.end.icon'].map((it) =>
        getComputedStyle(find(element, it)),
      )
      expect(contrast(zone.borderTopColor, card.backgroundColor), 'zone').to.be.at.least(3)
      expect(contrast(mark?.color ?? '', mark?.backgroundColor ?? ''), 'mark').to.be.at.least(3)
      expect(contrast(kind?.color ?? '', kind?.backgroundColor ?? ''), 'kind').to.be.at.least(3)
      expect(contrast(end?.color ?? '', card.backgroundColor), 'end').to.be.at.least(3)
    })
  }
})

describe('tokens', () => {
  afterEach(cleanUp)

  it('color and round what they are named after', async () => {
    const element = await widget({
      accent: 'rgb(1, 2, 3)',
      'on-accent': 'rgb(4, 5, 6)',
      surface: 'rgb(7, 8, 9)',
      text: 'rgb(10, 11, 12)',
      line: 'rgb(13, 14, 15)',
      radius: '20px',
      'control-radius': '5px',
    })
    const [button, card] = [styleOf(element, 'browse-button'), styleOf(element, 'card')]
    expect(button.backgroundColor).to.equal('rgb(1, 2, 3)')
    expect(button.color).to.equal('rgb(4, 5, 6)')
    expect(button.borderTopLeftRadius).to.equal('5px')
    expect(card.backgroundColor).to.equal('rgb(7, 8, 9)')
    expect(card.color).to.equal('rgb(10, 11, 12)')
    expect(card.borderTopColor).to.equal('rgb(13, 14, 15)')
    expect(card.borderTopLeftRadius).to.equal('20px')
  })

  it('let the radius of buttons follow that of the rest', async () => {
    const element = await widget({ radius: '20px' })
    expect(styleOf(element, 'browse-button').borderTopLeftRadius).to.equal('12px')
  })

  it('make it roomy or dense, and no button smaller than 24 px', async () => {
    const [dense, usual, roomy] = [
      await widget({ density: '0.01' }),
      await widget(),
      await widget({ density: '1.4' }),
    ]
    for (const part of ['drop-zone', 'browse-button', 'file']) {
      expect(heightOf(dense, part), part).to.be.below(heightOf(usual, part))
      expect(heightOf(roomy, part), part).to.be.above(heightOf(usual, part))
    }
    for (const button of findAll(dense, 'button')) {
      const { width, height } = button.getBoundingClientRect()
      // Chromium gives 23.99999 for what is placed at a fraction of a pixel.
      expect(Math.min(width, height), button.outerHTML).to.be.at.least(23.999)
    }
  })
})

describe('variants', () => {
  afterEach(cleanUp)

  it('compact has a zone of one line and lower rows', async () => {
    const [usual, compact] = [await widget(), await widget({}, 'compact')]
    expect(heightOf(compact, 'drop-zone')).to.be.below(50)
    expect(heightOf(compact, 'file')).to.be.below(heightOf(usual, 'file'))
    expect(styleOf(compact, 'list').borderTopWidth).to.equal('1px')
  })

  it('inline has no box, and as much width as there is room for', async () => {
    const element = await widget({}, 'inline')
    expect(styleOf(element, 'list').borderTopWidth).to.equal('0px')
    expect(styleOf(element, 'drop-zone').backgroundColor).to.equal('rgba(0, 0, 0, 0)')
    expect(element.getBoundingClientRect().width).to.equal(24 * 16)
  })

  it('a value that there is not is the usual one', async () => {
    const [usual, other] = [await widget(), await widget({}, 'cosy')]
    expect(heightOf(other, 'drop-zone')).to.equal(heightOf(usual, 'drop-zone'))
    expect(heightOf(other, 'file')).to.be.closeTo(heightOf(usual, 'file'), 0.1)
  })

  it('is an attribute as well', async () => {
    const element = await widget({}, 'inline')
    expect(element.getAttribute('variant')).to.equal('inline')
  })
})
