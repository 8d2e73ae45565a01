import assert from 'node:assert/strict'
import { Audit } from '@siteimprove/alfa-act'
import { Device } from '@siteimprove/alfa-device'
import { Native as NativeDevice } from '@siteimprove/alfa-device/native'
import { Document, Node } from '@siteimprove/alfa-dom'
import { Native } from '@siteimprove/alfa-dom/native'
import { Request, Response } from '@siteimprove/alfa-http'
import { type Flattened, Rules } from '@siteimprove/alfa-rules'
import { Conformance, Criterion } from '@siteimprove/alfa-wcag'
import { Page as AlfaPage } from '@siteimprove/alfa-web'
import type { Page } from 'puppeteer-core'

/** The rules for success criteria of levels A and AA. */
const RULES = ([...Rules.values()] as Flattened.Rule[]).filter((rule) =>
  rule.hasRequirement((it) => Criterion.isCriterion(it) && Conformance.isAA()(it)),
)

/** What Siteimprove's Alfa finds on a page that breaks WCAG 2.2 AA. */
export async function alfaFindings(page: Page): Promise<string[]> {
  const device = Device.from(await page.evaluate(NativeDevice.fromWindow))
  const document = Node.from(await page.evaluate(Native.fromNode), device)
  assert.ok(Document.isDocument(document))
  const { url } = await page.evaluate(() => ({ url: location.href }))
  const audited = AlfaPage.of(Request.empty(), Response.empty(), document, device)
  const outcomes = [...(await Audit.of(audited, RULES).evaluate())]
  assert.ok(outcomes.length > 20, `${outcomes.length} outcomes on ${url}`)
  return outcomes
    .filter(({ outcome }) => String(outcome) === 'failed')
    .map((it) => `${it.rule.uri}: ${JSON.stringify('target' in it && String(it.target))}`)
}
