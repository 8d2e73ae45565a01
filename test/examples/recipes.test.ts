/** The pages about Rails and Laravel: their code as an application, with its signer and a real bucket. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, describe, test } from 'node:test'
import { RECIPES, type RunningRecipe, startRecipe } from '../support/examples/recipes.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../support/servers/s3-admin.ts'

const FILE = { name: 'Größe „1“.txt', size: 5, type: 'text/plain' }
const BODY = 'hello'

/** A browser with its cookies. */
class Person {
  readonly id: string
  #app: RunningRecipe
  #cookies = new Map<string, string>()

  constructor(app: RunningRecipe, id: string) {
    this.id = id
    this.#app = app
  }

  async open(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.#app.url), {
      ...{ redirect: 'manual', ...init },
      headers: { ...this.cookies, ...(init.headers as Record<string, string>) },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.#cookies.set(name, value)
    }
    return response
  }

  get cookies() {
    return { Cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') }
  }

  /** The hidden field against CSRF, as the framework writes it into the form. */
  async token(): Promise<[name: string, value: string]> {
    const page = await (await this.open('/papers')).text()
    const [tag = ''] = /<input[^>]*name="(?:authenticity)?_token"[^>]*>/.exec(page) ?? []
    const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
    return [of('name'), of('value')]
  }

  async send(papers: string[], token?: [string, string]): Promise<Response> {
    const fields = papers.map((text) => ['papers[]', text])
    const body = new URLSearchParams([token ?? (await this.token()), ...fields])
    return this.open('/papers', { method: 'POST', body })
  }

  /** What the widget does: asks the signer, sends the file, asks for the receipt. */
  async upload(): Promise<{ key: string; receipt: string }> {
    const { grant, key, url, headers } = await this.sign({ op: 'put', file: FILE })
    const stored = await fetch(url, { method: 'PUT', headers, body: BODY })
    assert.equal(stored.status, 200)
    const { receipt } = await this.sign({ op: 'link', grant })
    assert.equal(typeof receipt, 'string')
    return { key, receipt }
  }

  async sign(request: object) {
    const response = await this.askSigner(request)
    assert.equal(response.status, 200)
    return (await response.json()).responses[0]
  }

  askSigner(request: object, more: Record<string, string> = {}): Promise<Response> {
    const headers = { ...more, ...this.cookies, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ version: 1, requests: [{ id: '1', ...request }] })
    return fetch(this.#app.signerUrl, { method: 'POST', headers, body })
  }
}

for (const recipe of RECIPES) {
  const skip = !recipe.need.isThere() && `needs ${recipe.need.name}`
  describe(`the recipe for ${recipe.name}`, { skip }, () => {
    const bucket = bucketName('recipe')
    let app: RunningRecipe
    let ann: Person
    let bob: Person

    before(async () => {
      const gateway = await cephGateway()
      await createBucket(gateway, bucket)
      app = await startRecipe(recipe, gateway, bucket)
      const signedIn = async (id: string) => {
        const person = new Person(app, id)
        assert.equal((await person.open(`/sign-in/${id}`)).status, 200)
        return person
      }
      ;[ann, bob] = [await signedIn('1'), await signedIn('2')]
    })
    after(async () => {
      app?.stop()
      await deleteBucket(await cephGateway(), bucket)
    })
    beforeEach(() => void query('DELETE FROM papers'))

    function query(sql: string) {
      const database = new DatabaseSync(app.database)
      const rows = database.prepare(sql).all()
      database.close()
      return rows.map((row) => ({ ...row }))
    }
    const stored = () => query('SELECT "key", name, size, etag, user_id FROM papers ORDER BY id')

    test('stores what a receipt says, and shows the file by a link', async () => {
      const { key, receipt } = await ann.upload()
      assert.match(key, /^users\/1\/./)
      assert.equal((await ann.send([receipt])).status, 302)
      const etag = createHash('md5').update(BODY).digest('hex')
      const { name, size } = FILE
      assert.deepEqual(stored(), [{ key, name, size, etag, user_id: 1 }])

      const page = await (await ann.open('/papers')).text()
      const [, path = '', text] = /<a href="([^"]*)">([^<]*)<\/a>/.exec(page) ?? []
      assert.equal(text, name)
      const link = (await ann.open(path)).headers.get('Location') ?? ''
      assert.equal(decodeURI(new URL(link).pathname), `/${bucket}/${key}`)
      assert.match(link, /content-?disposition=attachment/i)
      if (recipe.name === 'Rails') {
        const file = await fetch(link)
        assert.equal(await file.text(), BODY)
        assert.equal(file.headers.get('Content-Disposition'), 'attachment')
      }
      assert.equal((await bob.open(path)).status, 404)
    })

    test('has the element in its page, with the name of a list', async () => {
      const page = await (await ann.open('/papers')).text()
      assert.match(page, /<bucket-upload signer="\/sign" name="papers\[\]" form-value="receipt"/)
    })

    test('stores all files of a form, each once', async () => {
      const [first, second] = [await ann.upload(), await ann.upload()]
      for (let time = 0; time < 2; time++) {
        assert.equal((await ann.send([first.receipt, second.receipt])).status, 302)
      }
      assert.deepEqual(
        stored().map(({ key }) => key),
        [first.key, second.key],
      )
    })

    test('stores nothing of a form with a false receipt, and says so', async () => {
      const { key, receipt } = await ann.upload()
      const foreign = (await bob.upload()).receipt
      for (const text of [`${receipt.slice(0, -1)}!`, receipt.slice(3), key, foreign]) {
        const response = await ann.send([receipt, text])
        assert.equal(response.status, 302)
        const page = await (await ann.open('/papers')).text()
        assert.match(page, /Please send your files again\./, text)
      }
      assert.deepEqual(stored(), [])
    })

    test('wants its token in the form, and the signer wants none', async () => {
      const { receipt } = await ann.upload()
      const { status } = await ann.send([receipt], ['nothing', ''])
      assert.ok(status >= 400 && status < 500, `${status}`)
      assert.deepEqual(stored(), [])
    })

    test('lets its page call the signer with cookies, and no other page', async () => {
      const own = new URL(app.url).origin
      const allowed = async (origin: string) => {
        const { headers } = await ann.askSigner({ op: 'put', file: FILE }, { Origin: origin })
        return headers.get('Access-Control-Allow-Credentials')
      }
      assert.equal(await allowed(own), 'true')
      assert.equal(await allowed('https://other.example'), null)
    })

    test('knows nobody without a session, and neither does the signer', async () => {
      const stranger = new Person(app, '')
      const asked = await stranger.open('/uploader', { headers: { Accept: 'application/json' } })
      assert.equal(asked.status, 401)
      assert.equal((await stranger.askSigner({ op: 'put', file: FILE })).status, 401)
    })
  })
}
