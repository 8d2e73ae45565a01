import type { BrowserLauncher } from '@web/test-runner'
import { type Guarded, guarded } from '../servers/guarded.ts'
import { command, startWebKit } from './webdriver.ts'

/** How WebDriver calls the reference to an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** How WebDriver calls the keys that write nothing. */
const KEYS: Record<string, string> = {
  Tab: '\uE004',
  Enter: '\uE007',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
}

/** Runs tests in WebKitGTK, one page after the other. */
export class WebKitLauncher implements BrowserLauncher {
  readonly name = 'WebKit'
  /** The runner's command `send-keys` calls {@link sendKeys} of what has this type. */
  readonly type = 'webdriver'
  readonly concurrency = 1
  #processes: Guarded | undefined
  /** The address of the WebDriver session. */
  #browser: Promise<string> | undefined
  #active: string | undefined

  async startSession(id: string, url: string): Promise<void> {
    this.#active = id
    await this.#command('POST', '/url', { url })
  }

  isActive(id: string): boolean {
    return this.#active === id
  }

  async getBrowserUrl(): Promise<string> {
    return this.#command('GET', '/url')
  }

  async stopSession(): Promise<object> {
    this.#active = undefined
    // Nothing of the page goes on behind the next one.
    await this.#command('POST', '/url', { url: 'about:blank' })
    return {}
  }

  async startDebugSession(): Promise<never> {
    throw new Error('A page in WebKitGTK cannot be debugged from here.')
  }

  async stop(): Promise<void> {
    await this.#processes?.stop()
    this.#browser = undefined
  }

  /** Picks a file from the disk, as the browser's file dialog would. */
  async pickFile(selector: string, path: string): Promise<void> {
    const query = { using: 'css selector', value: selector }
    const { [ELEMENT]: input } = await this.#command<Record<string, string>>(
      'POST',
      '/element',
      query,
    )
    await this.#command('POST', `/element/${input}/value`, { text: path })
  }

  /** Presses keys, one after the other. */
  async sendKeys(_session: string, keys: string[]): Promise<void> {
    const actions = keys.flatMap((key) => {
      const value = KEYS[key] ?? key
      if ([...value].length > 1) throw new Error(`The key ${key} is not in KEYS.`)
      return ['keyDown', 'keyUp'].map((type) => ({ type, value }))
    })
    await this.#command('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  async #command<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    this.#browser ??= this.#start()
    return command<T>(method, `${await this.#browser}${path}`, body)
  }

  #start(): Promise<string> {
    this.#processes = guarded('webkit-')
    this.#processes.background()
    return startWebKit(this.#processes)
  }
}
