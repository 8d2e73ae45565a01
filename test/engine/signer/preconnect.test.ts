/** A connection to the signer is opened before the first file is there. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { preconnect } from '../../../src/engine/signer/preconnect.ts'

/** A page at https://page.example that keeps the links that are added to it. */
function openPage(context: TestContext) {
  const links: Record<string, string>[] = []
  const page = {
    baseURI: 'https://page.example/upload',
    createElement: () => ({}),
    head: { append: (link: Record<string, string>) => links.push(link) },
  }
  Object.assign(globalThis, { document: page, location: { origin: 'https://page.example' } })
  context.after(() => {
    for (const name of ['document', 'location']) Reflect.deleteProperty(globalThis, name)
  })
  return links
}

test('connects once to each other origin, with cookies where the signer gets them', (context) => {
  const links = openPage(context)
  preconnect({ signer: 'https://one.example/sign' })
  preconnect({ signer: new URL('https://one.example/other') })
  preconnect({ signer: 'https://two.example/sign', signerCredentials: 'include' })
  assert.deepEqual(links, [
    { rel: 'preconnect', href: 'https://one.example', crossOrigin: 'anonymous' },
    { rel: 'preconnect', href: 'https://two.example', crossOrigin: 'use-credentials' },
  ])
})

test('leaves alone what needs no connection, and what is no address', (context) => {
  const links = openPage(context)
  preconnect({ signer: '/api/sign' })
  preconnect({ signer: () => [] })
  preconnect({})
  preconnect({ signer: 'https://[' })
  assert.deepEqual(links, [])
})
