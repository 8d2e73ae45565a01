/** FilePond with the lines of docs/migrate/filepond.md: the real one, a real signer, a real bucket. */
import { expect } from 'chai'
import type { FilePond, FilePondFile, FilePondOptions } from 'filepond'
import type { UploadEngineOptions } from '../../src/engine/index.ts'
import { moment, randomFile, until } from '../support/pages/helpers.ts'
import { addresses, bucket } from '../support/pages/library.ts'

type Process = Extract<
  Extract<FilePondOptions['server'], { process?: unknown }>['process'],
  CallableFunction
>
type Recipe = Pick<typeof import('../support/pages/filepond-recipe.ts'), 'create'> & {
  processBy(options: UploadEngineOptions): Process
}

const packed = '/bundled/filepond-recipe.js'
const { create, processBy }: Recipe = await import(packed)

const MIB = 2 ** 20
const ponds: FilePond[] = []

/** A FilePond in a form of the page. */
function pondFor(options: UploadEngineOptions, others: FilePondOptions = {}): FilePond {
  const form = document.body.appendChild(document.createElement('form'))
  const input = form.appendChild(document.createElement('input'))
  Object.assign(input, { type: 'file', name: 'papers' })
  const server = { process: processBy(options), revert: null }
  const pond = create(input, { server, allowMultiple: true, ...others })
  ponds.push(pond)
  return pond
}

/** What the forms of the page would send. */
function sent(): FormDataEntryValue[] {
  return [...document.querySelectorAll('form')]
    .flatMap((form) => new FormData(form).getAll('papers'))
    .filter((value) => value !== '')
}

async function sizeOf(key: string): Promise<number | undefined> {
  return (await bucket()).objects.find((object) => object.key === key)?.size
}

describe('FilePond with our engine', () => {
  afterEach(() => {
    for (const pond of ponds.splice(0)) pond.destroy()
    for (const form of document.querySelectorAll('form')) form.remove()
  })

  it('uploads files, tells how far it is, and sends their keys with the form', async () => {
    const progress: number[] = []
    const pond = pondFor(
      { signer: addresses.signers.ceph },
      { onprocessfileprogress: (_, part) => progress.push(part) },
    )
    const done = new Promise((resolve) => pond.on('processfiles', resolve))
    await pond.addFiles([randomFile('small.bin', 300_000), randomFile('large.bin', 20 * MIB)])
    await done
    const keys = pond.getFiles().map(({ serverId }) => serverId)
    expect(sent()).to.have.members(keys)
    expect(await Promise.all(keys.map(sizeOf))).to.have.members([300_000, 20 * MIB])
    expect(Math.max(...progress)).to.equal(1)
    expect(progress.some((part) => part > 0 && part < 1)).to.equal(true)
  })

  it('sends receipts where the signer writes them', async () => {
    const pond = pondFor({ signer: addresses.routed, route: 'large' })
    const done = new Promise((resolve) => pond.on('processfiles', resolve))
    await pond.addFile(randomFile('paper.bin', 1000))
    await done
    expect(sent()[0]).to.match(/^v1\./)
  })

  it('aborts an upload in parts, and leaves none of them behind', async () => {
    const pond = pondFor({ signer: addresses.smallParts, maxSpeed: 4 * MIB })
    const begun = new Promise((resolve) =>
      pond.on(
        'processfileprogress',
        (_file: FilePondFile, part: number) => part > 0 && resolve(part),
      ),
    )
    const name = `aborted-${crypto.randomUUID()}.bin`
    const isOurs = ({ key }: { key: string }) => key.includes(name)
    const item = await pond.addFile(randomFile(name, 30 * MIB))
    await begun
    expect((await bucket()).uploads.some(isOurs)).to.equal(true)
    const aborted = new Promise((resolve) => pond.on('processfileabort', resolve))
    item.abortProcessing()
    await aborted
    while ((await bucket()).uploads.some(isOurs)) await moment()
    expect((await bucket()).objects.some(isOurs)).to.equal(false)
    expect(sent()).to.deep.equal([])
  })

  it('shows what the signer and the engine refuse, and tries again', async () => {
    const errors: string[] = []
    let isLocked = true
    const signerHeaders = {
      get Authorization() {
        return isLocked ? 'out' : 'in'
      },
    }
    const pond = pondFor(
      { signer: addresses.locked, signerHeaders, maxSize: 1000 },
      { onerror: (error) => errors.push(String(error?.body)) },
    )
    await pond.addFile(randomFile('large.bin', 1001))
    await until(() => errors.length === 1)
    expect(errors[0]).to.include('Too large')
    const item = await pond.addFile(randomFile('locked.bin', 1000))
    await until(() => errors.length === 2)
    isLocked = false
    await pond.processFile(item.id)
    expect(await sizeOf(item.serverId)).to.equal(1000)
  })
})
