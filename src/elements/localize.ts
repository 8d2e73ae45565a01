import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { UploadError, UploadErrorCode } from '../engine/index.ts'
import { describeAccept, formatBytes } from '../engine/index.ts'
import { choose, ENGLISH, fill, type StringKey, type Strings, type Values } from './strings.ts'

/** A translation: all texts of the elements, and of the errors, in one language. */
export interface Locale {
  /** BCP 47 tag: `de`, `pt-BR`. */
  code: string
  strings: Strings
  /**
   * What happened and what to do, by the code of the error. `{limit}` is a size or a number, and
   * `{types}` what is accepted. A name with `.unknown` is for an error that names no limit or types.
   */
  errors: { [Code in UploadErrorCode | `${UploadErrorCode}.unknown`]?: string }
}

/** Loads the translation of a language, or answers `undefined` where there is none. */
export type LocaleLoader = (code: string) => Promise<Locale | undefined>

const locales = new Map<string, Locale>()
const asked = new Map<string, Promise<void>>()
const listeners = new Set<() => void>()
let loader: LocaleLoader | undefined

/** Makes a translation known. Elements in that language are drawn anew. */
export function registerLocale(locale: Locale): void {
  locales.set(locale.code.toLowerCase(), locale)
  for (const listener of listeners) listener()
}

/** Says where translations come from that are not registered. They are loaded when they are needed. */
export function setLocaleLoader(load: LocaleLoader): void {
  loader = load
  asked.clear()
  for (const listener of listeners) listener()
}

/** An element that says something. */
export interface LocalizedHost extends ReactiveControllerHost, HTMLElement {
  /** BCP 47 tag; otherwise the language of the page around the element counts. */
  locale?: string | undefined
  /** Texts of the application's own, in place of those of the language. */
  strings?: Partial<Strings> | undefined
}

/** What an element says, in the language of the page around it. */
export class Localize implements ReactiveController {
  readonly #host: LocalizedHost

  constructor(host: LocalizedHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    listeners.add(this.#update)
  }

  hostDisconnected(): void {
    listeners.delete(this.#update)
  }

  /** The language asked for, for numbers and dates: also where there is no translation. */
  get language(): string {
    const { locale } = this.#host
    const tag = locale || langAround(this.#host) || globalThis.navigator?.language || 'en'
    return isTag(tag) ? tag : 'en'
  }

  /** The text of that name, with the values put in. `count` chooses the plural. */
  text(key: StringKey, values: Values = {}): string {
    const { code, strings } = this.#locale
    const own = this.#host.strings?.[key]
    return fill(choose(own ?? strings[key] ?? ENGLISH[key], values, code), values, code)
  }

  /** What happened and what to do. */
  error({ code, facts, reason }: UploadError): string {
    const { limit, accept, said = '' } = facts
    const { errors, code: language } = this.#locale
    const isBare = limit === undefined && !accept
    const text = (isBare && errors[`${code}.unknown`]) || errors[code]
    if (!text) return reason
    const size = code === 'too-many-files' ? String(limit) : this.bytes(limit ?? 0)
    return fill(text, { limit: size, types: this.accept(accept ?? ''), said }, language)
  }

  bytes(bytes: number): string {
    return formatBytes(bytes, this.language)
  }

  /** What an `accept` attribute takes, in words. */
  accept(accept: string): string {
    return describeAccept(accept, {
      'image/*': this.text('images'),
      'video/*': this.text('videos'),
      'audio/*': this.text('audioFiles'),
      'text/*': this.text('textFiles'),
    })
  }

  /** A share of 1 as a percentage, which says 100 only when it is. */
  percent(share: number): string {
    const format = new Intl.NumberFormat(this.language, { style: 'percent' })
    return format.format(Math.floor(share * 100) / 100)
  }

  /** A time in seconds, in the largest unit that fits. */
  duration(seconds: number): string {
    const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? ['second', 1]
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const
    return new Intl.NumberFormat(this.language, style).format(
      Math.max(1, Math.round(seconds / size)),
    )
  }

  get #locale(): Locale {
    const tag = this.language.toLowerCase()
    const found = locales.get(tag) ?? locales.get(tag.replace(/-.*/, ''))
    if (found) return found
    load(this.language)
    return ENGLISH_LOCALE
  }

  #update = (): void => this.#host.requestUpdate()
}

const ENGLISH_LOCALE: Locale = { code: 'en', strings: ENGLISH, errors: {} }

const UNITS = [
  ['hour', 3600],
  ['minute', 60],
] as const

function load(tag: string): void {
  if (!loader || /^en\b/i.test(tag) || asked.has(tag)) return
  const loading = loader(tag).then(
    (locale) => locale && registerLocale(locale),
    // English has to do.
    () => {},
  )
  asked.set(tag, loading)
}

/** The nearest `lang`, also outside of the shadow roots that the element is in. */
function langAround(element: Element): string {
  for (let at: Element | null = element; at; ) {
    const found = at.closest('[lang]')
    if (found) return found.getAttribute('lang') ?? ''
    const root: Node = at.getRootNode()
    at = root instanceof ShadowRoot ? root.host : null
  }
  return ''
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}
