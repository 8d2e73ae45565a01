import type { nothing, TemplateResult } from 'lit'
import { EngineElement } from '../base/engine-element.ts'
import { viewsSettled } from './lazy-module.ts'

/** Base class of the elements that have nothing to show at first. */
export abstract class ViewElement extends EngineElement {
  protected abstract readonly view: { render(): TemplateResult | typeof nothing }

  protected override render(): TemplateResult | typeof nothing {
    return this.view.render()
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await viewsSettled()
    return super.getUpdateComplete()
  }
}
