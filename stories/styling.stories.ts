import type { Meta, StoryObj } from '@storybook/web-components-vite'
import { html, type TemplateResult } from 'lit'
import type { BucketUpload, UploadVariant } from '../src/index.ts'
import { film, photo, refused, report } from './files.ts'
import { stillEngine } from './still-engine.ts'

/**
 * Tokens and variants, and how they adapt the widget to a page. These stories need no network.
 */
const meta: Meta<BucketUpload> = {
  title: 'Topics/Styling',
  id: 'styling',
  component: 'bucket-upload',
}

export default meta

type Story = StoryObj<BucketUpload>

const SOME = [photo('stored'), film(0.42), report(refused)]

const LIMITS = { maxSize: 5_000_000_000 }

const widget = (files = SOME, variant?: UploadVariant, label = 'Attachments') => html`<bucket-upload
  .label=${label}
  multiple
  .variant=${variant}
  .engine=${stillEngine(files, LIMITS)}
></bucket-upload>`

/** Light or dark, as the page is. */
export const Automatic: Story = { render: () => widget() }

export const Light: Story = {
  render: () => html`<div class="sheet light">${widget()}</div>`,
}

export const Dark: Story = {
  render: () => html`<div class="sheet dark">${widget()}</div>`,
}

export const OwnColors: Story = {
  render: () => html`<div class="sheet own">${widget()}</div>`,
}

/** `--bucket-upload-density`: 0.6 and 1.4. */
export const Density: Story = {
  render: () => html`
    <div class="dense">${widget([photo('stored'), film(0.42)])}</div>
    <div class="roomy">${widget([photo('stored'), film(0.42)])}</div>
  `,
}

/** `variant="compact"`: for a side bar or a dialog. */
export const Compact: Story = {
  render: () => html`<div class="stack">${widget([], 'compact')} ${widget(SOME, 'compact')}</div>`,
}

/** `variant="inline"`: for the row of a form, or running text. */
export const Inline: Story = {
  render: () => html`
    <form class="rows">
      <label for="subject">Subject</label><input id="subject" value="Annual report" />
      <label for="papers">Papers</label>
      <bucket-upload
        id="papers"
        variant="inline"
        multiple
        .engine=${stillEngine(SOME, LIMITS)}
      ></bucket-upload>
      <label for="cover">Cover</label>
      <bucket-upload
        id="cover"
        variant="inline"
        accept="image/*"
        .engine=${stillEngine([], { ...LIMITS, accept: 'image/*', maxFiles: 1 })}
      ></bucket-upload>
    </form>
  `,
}

export const RightToLeftArabic: Story = {
  globals: { lang: 'ar' },
  render: () => widget(SOME, undefined, 'المرفقات'),
}

export const RightToLeftHebrew: Story = {
  globals: { lang: 'he' },
  render: () => widget(SOME, undefined, 'קבצים מצורפים'),
}

/** A page without styles: the widget uses the fonts of the browser too. */
export const UnstyledPage: Story = {
  render: () => html`
    <div class="unstyled">
      <h1>Expenses</h1>
      <p>Add the receipts of your journey.</p>
      <p><label>Journey <input value="Hamburg, November" /></label></p>
      ${widget()}
      <p><button>Send</button></p>
    </div>
  `,
}

/** Bootstrap 5.3 with its own stylesheet. The widget has the tokens of `docs/themes/bootstrap.css`. */
export const Bootstrap: Story = {
  globals: { look: 'bootstrap' },
  render: () =>
    page(html`
      <div><button class="btn btn-primary">Save</button>
      <button class="btn btn-secondary" type="reset">Reset</button></div>
    `),
}

/** Web Awesome's default theme. The widget has the tokens of `docs/themes/web-awesome.css`. */
export const WebAwesome: Story = {
  globals: { look: 'web-awesome' },
  render: () =>
    page(html`<div><button class="main">Save</button> <button type="reset">Reset</button></div>`),
}

/** shadcn/ui, whose pages are dark by a class. The widget has the tokens of `docs/themes/shadcn.css`. */
export const Shadcn: Story = {
  globals: { look: 'shadcn' },
  render: () =>
    page(html`<div><button class="main">Save</button> <button type="reset">Reset</button></div>`),
}

/** Material 3's baseline scheme. The widget has the tokens of `docs/themes/material.css`. */
export const Material: Story = {
  globals: { look: 'material' },
  render: () =>
    page(html`<div><button class="main">Save</button> <button type="reset">Reset</button></div>`),
}

/** A form of the page, with the widget in it. */
function page(buttons: TemplateResult): TemplateResult {
  return html`
    <form class="page" @submit=${(event: Event) => event.preventDefault()}>
      <div>
        <label class="form-label" for="subject">Subject</label>
        <input class="form-control" id="subject" value="Annual report" />
      </div>
      ${widget()} ${buttons}
    </form>
  `
}
