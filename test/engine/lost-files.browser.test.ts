import { expect } from 'chai'
import { deleteFile, pickedFile, writeFile } from '../support/pages/disk-files.ts'
import { next } from '../support/pages/helpers.ts'
import { addresses, UploadEngine } from '../support/pages/library.ts'

const MB = 1_000_000

const losses = {
  deleted: (name: string) => deleteFile(name),
  'cut off': (name: string) => writeFile(name, 1000),
}

describe('a file that is lost before its turn', () => {
  for (const [loss, lose] of Object.entries(losses)) {
    for (const [what, size] of Object.entries({ 'a small file': MB, 'a file in parts': 22 * MB })) {
      for (const integrity of ['md5', 'off'] as const) {
        it(`fails as unreadable: ${what} that is ${loss}, with integrity ${integrity}`, async () => {
          const options = { signer: addresses.smallParts, stallTimeout: 1500, retryFor: 2000 }
          const engine = new UploadEngine({ ...options, integrity, manual: true })
          const name = `${what}-${loss}-${integrity}.bin`.replaceAll(' ', '-')
          engine.add([await pickedFile(name, size)])
          await lose(name)
          const complete = next(engine, 'upload-complete')
          engine.start()
          const { failed } = await complete
          engine.clear()
          expect(failed.map((it) => it.error.code)).to.deep.equal(['file-unreadable'])
        })
      }
    }
  }
})
