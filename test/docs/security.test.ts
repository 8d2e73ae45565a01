import assert from 'node:assert/strict'
import { access, readFile } from 'node:fs/promises'
import { test } from 'node:test'

for (const page of ['docs/security.md', 'docs/signer-protocol.md', 'SECURITY.md']) {
  test(`every link of ${page} leads to a file, and to a heading that is there`, async () => {
    const here = new URL(`../../${page}`, import.meta.url)
    const text = await readFile(here, 'utf8')
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    assert.notEqual(links.length, 0)
    for (const link of links.filter((it) => !/^https?:/.test(it))) {
      const target = new URL(link, here)
      const heading = target.hash.slice(1)
      target.hash = ''
      await assert.doesNotReject(access(target), link)
      if (heading === '') continue
      const titles = (await readFile(target, 'utf8')).match(/^#+ .+$/gm) ?? []
      const ids = titles.map((it) =>
        it
          .replace(/^#+ /, '')
          .toLowerCase()
          .replace(/[`:,.]/g, '')
          .replaceAll(' ', '-'),
      )
      assert.ok(ids.includes(heading), link)
    }
  })
}
