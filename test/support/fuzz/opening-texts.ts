/** Each status of a whole call, long texts of each kind, and what is over. */
import { LONG_BODIES, MONSTROUS } from './bodies.ts'
import { follow, use } from './client.ts'
import { type Fuzzer, headersOf } from './fuzz.ts'
import { allUses } from './opening-calls.ts'
import type { Site } from './site.ts'

const HOUR = 3_600_000

/** Each status that a whole call can have. */
export async function statuses(fuzzer: Fuzzer): Promise<void> {
  const { sites } = fuzzer
  const [plain] = sites
  const few = sites.find(({ name }) => name === 'few files')
  if (plain === undefined || few === undefined) return
  const ann = plain.caller('ann', 'photos')
  const body = '{"version":1,"requests":[]}'
  const headers = headersOf(ann)
  await fuzzer.send(plain, ann, { body })
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    await fuzzer.send(plain, ann, { method, body })
  }
  for (const Origin of ['https://evil.test', 'null', 'http://signer.test']) {
    await fuzzer.send(plain, ann, { body, headers: { ...headers, Origin } })
    await fuzzer.send(plain, ann, { body, method: 'OPTIONS', headers: { ...headers, Origin } })
  }
  for (const type of ['text/plain', 'application/json; charset=x']) {
    await fuzzer.send(plain, ann, { body, headers: { ...headers, 'Content-Type': type } })
  }
  for (const name of [undefined, 'banned', 'thrower']) {
    await fuzzer.send(plain, plain.caller(name, 'photos'), { body })
  }
  for (const broken of ['', '[]', '{"version":2,"requests":[]}', `${body}x`]) {
    await fuzzer.send(plain, ann, { body: broken })
  }
  for (const make of MONSTROUS) await fuzzer.send(plain, ann, { body: make() })
  const many = (length: number) => Array.from({ length }, () => ({ op: 'parts', grant: 'x' }))
  await fuzzer.ask(plain, ann, many(1000))
  await fuzzer.ask(plain, ann, many(1001))
  await fuzzer.ask(few, few.caller('ann', 'photos'), many(21))
}

/** Longer and longer texts of each kind, until one takes too long: the next could take for ever. */
export async function longTexts(fuzzer: Fuzzer): Promise<void> {
  const { sites, report } = fuzzer
  for (const [index, [, make]] of LONG_BODIES.entries()) {
    const site = sites[index % sites.length] as Site
    const who = site.caller('ann', site.s3.places[0]?.bucket.name ?? '')
    const grant = site.ledger.of(who).find(({ kind }) => kind === 'parts')?.text ?? 'e30.AAAA'
    for (const length of [3000, 30_000, 999_000]) {
      const before = report.repeated
      const failed = report.failures.length
      await fuzzer.send(site, who, { body: make(length, grant) })
      if (report.repeated > before && report.failures.length > failed) break
    }
  }
}

/** What was handed out works no more once its time is over. */
export async function endings(fuzzer: Fuzzer): Promise<void> {
  const { world, sites } = fuzzer
  world.now += 2 * HOUR
  for (const site of sites) {
    for (const opening of site.openings) use(site, opening)
    for (const link of site.links) follow(site, link)
  }
  for (const days of [1, 7]) {
    world.now += days * 24 * HOUR
    for (const site of sites) {
      const who = site.caller('ann', site.s3.places[0]?.bucket.name ?? '')
      const all = site.ledger.of(who).slice(0, 12)
      const requests = all.flatMap((granted) => allUses(granted, granted.text))
      await fuzzer.ask(site, who, requests.slice(0, 20))
    }
  }
}
