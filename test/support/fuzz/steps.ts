/** What happens at random: calls, what is done with their answers, and time. */
import { brokenBody, LONG_BODIES, MONSTROUS } from './bodies.ts'
import { abuse, follow, interfere, use } from './client.ts'
import { type Fuzzer, headersOf } from './fuzz.ts'
import { plainPut } from './judge.ts'
import { countOf, type Granted, isSame, type Who } from './ledger.ts'
import { namedParts, type Pool, pickOwn, randomRequest, spoil } from './requests.ts'
import type { Site } from './site.ts'
import { BAD_MD5, MD5, SHA256 } from './texts.ts'

const DAY = 86_400_000

/** One call, and what may come of it. */
export async function randomStep(fuzzer: Fuzzer): Promise<void> {
  const { random, world } = fuzzer
  if (random.chance(0.3)) world.now += random.below(60_000)
  if (random.chance(0.002)) world.now += random.pick([1_000_000, 5_000_000, DAY, 8 * DAY])
  // At one signer for a while, as what was begun there is still good then.
  if (random.chance(0.15)) fuzzer.site = random.pick(fuzzer.sites)
  const { site } = fuzzer
  const who = randomCaller(fuzzer, site)
  const pool = poolOf(fuzzer, site, who)
  const granted = random.chance(0.15) ? pickOwn(random, pool, 'parts') : undefined
  if (random.chance(0.001)) await sendLong(fuzzer, site, who, pool)
  else if (granted && countOf(granted) <= 8) {
    const md5 = random.pick([MD5, MD5, MD5, BAD_MD5])
    await sendParts(fuzzer, site, who, granted, md5)
    const complete = { op: 'complete', grant: granted.text, parts: namedParts(granted, md5) }
    if (random.chance(0.7)) await fuzzer.ask(site, who, [complete])
  } else await sendRandom(fuzzer, site, who, pool)
  for (let act = random.below(4); act > 0; act -= 1) actOn(fuzzer, site)
}

function randomCaller({ random }: Fuzzer, site: Site): Who {
  const bucket = random.pick(site.s3.places).bucket.name
  const others = [undefined, undefined, 'banned', 'thrower']
  const name = random.chance(0.02) ? random.pick(others) : random.pick(['ann', 'ann', 'bob'])
  return site.caller(name, bucket)
}

/** The grants that a caller may have come by: own ones, and the last of others and of other signers. */
function poolOf({ random, sites }: Fuzzer, site: Site, who: Who): Pool {
  const other = random.pick(sites)
  const foreign = [...site.ledger.all.slice(-20), ...other.ledger.all.slice(-10)]
  const isForeign = (granted: Granted) =>
    !isSame(granted.who, who) || site.ledger.find(granted.text) === undefined
  const { routes = {}, pageRoute } = site.facts
  const named = pageRoute === undefined ? [] : [pageRoute, pageRoute, ...Object.keys(routes)]
  return { own: site.ledger.of(who), foreign: foreign.filter(isForeign), routes: named }
}

async function sendRandom(fuzzer: Fuzzer, site: Site, who: Who, pool: Pool): Promise<void> {
  const { random } = fuzzer
  const headers = headersOf(who)
  if (random.chance(0.01)) {
    headers['Content-Type'] = random.pick(['text/plain', 'x', 'application/json; charset=x'])
  }
  if (random.chance(0.01)) {
    headers.Origin = random.pick(['https://evil.test', 'null', 'x', 'http://signer.test'])
  }
  const method = random.chance(0.99) ? 'POST' : random.pick(['GET', 'PUT', 'DELETE', 'OPTIONS'])
  await fuzzer.send(site, who, { method, headers, body: randomBody(fuzzer, who, pool) })
}

function randomBody(fuzzer: Fuzzer, who: Who, pool: Pool): string {
  const { random } = fuzzer
  const count = 1 + random.below(random.chance(0.03) ? 30 : 3)
  const requests = Array.from({ length: count }, (_, id) => randomRequest(random, pool, `${id}`))
  const plain = plainPut(fuzzer.site, who, fuzzer.nextNumber())
  if (random.chance(0.3)) requests.splice(random.below(count), 0, plain)
  const message = { version: 1, requests }
  if (random.chance(0.0005)) return random.pick(MONSTROUS)()
  if (random.chance(0.02)) return brokenBody(random, JSON.stringify(message))
  return JSON.stringify(random.chance(0.2) ? spoil(random, message) : message) ?? ''
}

async function sendLong(fuzzer: Fuzzer, site: Site, who: Who, pool: Pool): Promise<void> {
  const { random } = fuzzer
  const [, make] = random.pick(LONG_BODIES)
  const grant = pickOwn(random, pool, 'parts')?.text ?? 'e30.AAAA'
  const length = random.pick([1000, 10_000, 100_000, 950_000, 1_100_000])
  await fuzzer.send(site, who, { body: make(length, grant) })
}

/**
 * Sends all parts of an upload, as a page does.
 *
 * @param isAbused whether each URL is first tried for something else
 */
export async function sendParts(
  fuzzer: Fuzzer,
  site: Site,
  who: Who,
  granted: Granted,
  md5 = MD5,
  isAbused = false,
): Promise<void> {
  const numbers = Array.from({ length: countOf(granted) }, (_, index) => index + 1)
  const digests = { md5, sha256: SHA256 }
  const parts = numbers.map((partNumber) => ({
    op: 'part',
    grant: granted.text,
    partNumber,
    ...digests,
  }))
  await fuzzer.ask(site, who, parts)
  for (const opening of [...site.latest]) {
    if (isAbused) abuse(site, opening, true)
    use(site, opening)
  }
}

/** Does something with what was handed out lately. */
function actOn({ random }: Fuzzer, site: Site): void {
  const { openings, latest, links } = site
  const given = latest.length > 0 && random.chance(0.5) ? latest : openings
  const act = random.below(10)
  if (act < 4 && given.length > 0) use(site, random.pick(given))
  else if (act < 7 && given.length > 0) abuse(site, random.pick(given))
  else if (act < 9 && links.length > 0) follow(site, random.pick(links))
  else if (act === 9) interfere(site)
}
