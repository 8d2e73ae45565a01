import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { UploadError, UploadErrorCode } from '../engine/index.ts'
import { describeAccept, formatBytes } from '../engine/index.ts'
import { joinWords } from '../util/list-format.ts'
import { ENGLISH } from './english.ts'
import { canonical, fallbacks } from './language-tags.ts'
import { choose, type Plural } from './plural.ts'
import { fill, type StringKey, type Strings, type Values } from './strings.ts'

/** A translation: the texts of the elements, and of the errors, in one language. */
export interface Locale {
  /** BCP 47 tag: `de`, `pt-BR`. */
  code: string
  /** The texts by their name. One that is missing is shown in English. */
  strings: Partial<Strings>
  /**
   * What happened and what to do, by the code of the error. `{size}` is that of the file, `{limit}` a size,
   * `{count}` a number, and `{types}` what is accepted. A name with `.unknown` is for an error without a limit or types.
   * A sentence that is missing is shown in English.
   */
  errors: { [Code in UploadErrorCode | `${UploadErrorCode}.unknown`]?: string | Plural }
}

/**
 * Loads the translation of a language, or resolves to `undefined` if there is none. It is called once for
 * each tag in the page, such as `de-AT`, and may return the translation of a less exact tag.
 */
export type LocaleLoader = (code: string) => Promise<Locale | undefined>

const locales = new Map<string, Locale>()
/** The languages that were requested from the loader. */
const asked = new Set<string>()
const listeners = new Set<() => void>()
/** Elements whose `lang` we have set. It is the language of the text, and not a setting. */
const marked = new WeakSet<Element>()
let loader: LocaleLoader | undefined
/** Watches the language of the page, for all elements. */
let observer: MutationObserver | undefined

/** Registers a translation. Elements in that language redraw. */
export function registerLocale(locale: Locale): void {
  locales.set(canonical(locale.code), locale)
  redraw()
}

/** Sets the function that loads translations. Each is loaded when an element needs it. */
export function setLocaleLoader(load: LocaleLoader): void {
  loader = load
  asked.clear()
  redraw()
}

function redraw(): void {
  for (const listener of listeners) listener()
}

/** Texts of an application: texts of the elements by name, sentences about errors by code. */
export type OwnStrings = Partial<Strings> & Locale['errors']

/** The language and the texts that were set on an element. */
export interface LocaleSettings {
  /** BCP 47 tag. By default the language of the page around the element. */
  locale?: string | undefined
  /** Texts of the application, in place of those of the language. */
  strings?: OwnStrings | undefined
}

/** An element that shows texts. */
export interface LocalizedHost extends LocaleSettings, ReactiveControllerHost, HTMLElement {
  readonly renderRoot: ParentNode
}

/** The texts of an element, in the language of the page around it. */
export class Localize implements ReactiveController {
  readonly #host: LocalizedHost
  readonly #owner: () => LocaleSettings | undefined
  /** What was found out for the texts of the update that is under way. */
  #seen: { language?: string; locale?: Locale } | undefined

  /** @param owner the element whose settings apply if the host has none */
  constructor(host: LocalizedHost, owner: () => LocaleSettings | undefined) {
    this.#host = host
    this.#owner = owner
    host.addController(this)
  }

  hostConnected(): void {
    listeners.add(this.#update)
    observer ??= globalThis.MutationObserver && new MutationObserver(redraw)
    observer?.observe(document, { subtree: true, attributeFilter: ['lang'] })
  }

  hostUpdate(): void {
    this.#seen = {}
  }

  hostDisconnected(): void {
    listeners.delete(this.#update)
  }

  /** Sets `lang` for screen readers if the texts are not in the language of the page. */
  hostUpdated(): void {
    this.#seen = undefined
    const { code } = this.#locale
    const page = canonical(langAround(this.#host))
    const isPages = page === code || page.startsWith(`${code}-`)
    for (const part of this.#host.renderRoot.children) {
      if (isPages && !marked.has(part)) continue
      marked.add(part)
      if (isPages) part.removeAttribute('lang')
      else part.setAttribute('lang', code)
    }
  }

  /** The requested language, even without a translation: numbers and dates follow it. */
  get language(): string {
    if (this.#seen?.language) return this.#seen.language
    const locale = this.#host.locale || this.#owner()?.locale
    const tag = canonical(locale || langAround(this.#host) || globalThis.navigator?.language)
    if (this.#seen) this.#seen.language = tag
    return tag
  }

  /** The text with this name, with the values filled in. `count` selects the plural. */
  text(key: StringKey, values: Values = {}): string {
    const { code, strings } = this.#locale
    const own = this.#host.strings?.[key] ?? this.#owner()?.strings?.[key]
    if (own != null) return this.#say(own, values, this.language)
    const translated = strings[key]
    return translated === undefined
      ? this.#say(ENGLISH_LOCALE.strings[key] ?? '', values, ENGLISH_LOCALE.code)
      : this.#say(translated, values, code)
  }

  /** The sentence about an error: what happened and what to do. */
  error({ code, facts, reason }: UploadError): string {
    const { limit, size, accept, said } = facts
    const locale = this.#locale
    const texts: Locale['errors'] = {
      ...locale.errors,
      ...this.#owner()?.strings,
      ...this.#host.strings,
    }
    const isBare = (limit === undefined || (size === undefined && SIZED.includes(code))) && !accept
    const text = (isBare && texts[`${code}.unknown`]) || texts[code]
    // The words of the site say more than a general sentence.
    if (!text || (said && (code === 'signer-refused' || code === 'not-accepted'))) return reason
    const values = {
      count: limit ?? 0,
      limit: this.bytes(limit ?? 0),
      size: this.bytes(size ?? 0),
      types: this.accept(accept ?? '', 'conjunction'),
    }
    return this.#say(text, values, locale.code)
  }

  bytes(bytes: number): string {
    return this.text('size', { size: formatBytes(bytes, this.language) })
  }

  /** The types of an `accept` attribute, in words: "images, PDF and MOV", or with "or". */
  accept(accept: string, type: 'conjunction' | 'disjunction'): string {
    const kinds = {
      'image/*': this.text('images'),
      'video/*': this.text('videos'),
      'audio/*': this.text('audioFiles'),
      'text/*': this.text('textFiles'),
    }
    const { code } = this.#locale
    // British English has no comma before "or".
    const tag = this.language.startsWith(code) ? this.language : code
    return describeAccept(accept, kinds, (words) => joinWords(words, tag, type))
  }

  /** The text with a capital letter at its start, if the script has them. */
  capitalized(text: string): string {
    return text.charAt(0).toLocaleUpperCase(this.language) + text.slice(1)
  }

  get #locale(): Locale {
    if (this.#seen?.locale) return this.#seen.locale
    const { language } = this
    // Even if there is a less exact translation already.
    if (loader && !locales.has(language) && !asked.has(language)) load(language, loader)
    const found = fallbacks(language).map((tag) => locales.get(tag))
    const locale = found.find(Boolean) ?? ENGLISH_LOCALE
    if (this.#seen) this.#seen.locale = locale
    return locale
  }

  /** @param language of the text, which selects the plural */
  #say(text: string | Plural, values: Values, language: string): string {
    return fill(choose(text, values.count, language), values, this.language)
  }

  #update = (): void => this.#host.requestUpdate()
}

const ENGLISH_LOCALE: Locale = { code: 'en', strings: ENGLISH, errors: {} }

/** Adds the texts of what is loaded later. */
export function addEnglish(texts: Partial<Strings>): void {
  ENGLISH_LOCALE.strings = { ...ENGLISH_LOCALE.strings, ...texts }
}

/** Errors that name the size of the file. */
const SIZED = ['too-large', 'too-small']

/** Loads a translation, once. */
async function load(tag: string, ask: LocaleLoader): Promise<void> {
  asked.add(tag)
  try {
    const locale = await ask(tag)
    // A translation that the application has registered stays.
    if (locale && !locales.has(canonical(locale.code))) registerLocale(locale)
  } catch {
    // The elements use English.
  }
}

/** The nearest `lang` that the page has set, also outside the shadow roots around the element. */
function langAround(element: Element): string {
  for (let at: Element | null = element; at; ) {
    const found: Element | null = at.closest('[lang]')
    if (found && !marked.has(found)) return found.getAttribute('lang') ?? ''
    const root = at.getRootNode()
    at = found?.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
  }
  return ''
}
