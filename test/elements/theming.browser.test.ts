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
