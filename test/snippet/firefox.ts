/** The machine's own Firefox, driven as visitors drive it: https://w3c.github.io/webdriver-bidi/ */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from './bare.ts'
import { middleOf, sleep, until } from './browser.ts'

/** The browser's path; empty where there is none: npm has none for Firefox as it is sold. */
export const FIREFOX =
  [
    process.env.FIREFOX,
    '/usr/bin/firefox',
    '/usr/bin/firefox-esr',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ].find((path) => path && existsSync(path)) ?? ''

const PREFERENCES = {
  // The window counts as the one in front, also where there is no screen.
  'focusmanager.testmode': true,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.disabledForTesting': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
}

export const launchFirefox = async () => {
  const profile = await mkdtemp(join(tmpdir(), 'leadlight-firefox-'))
  const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});`)
  await writeFile(join(profile, 'user.js'), preferences.join('\n'))
  const child = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'], {
    stdio: 'ignore',
    // With a group of its own, all of which can be ended.
    detached: true,
  })
  const read = () => readFile(join(profile, 'WebDriverBiDiServer.json'), 'utf8').then(JSON.parse, () => undefined)
  const { ws_port } = (await until(read, 20_000)) as { ws_port: number }
  const { send, close } = await connect(`ws://127.0.0.1:${ws_port}/session`)
  await send('session.new', { capabilities: {} })

  const open = async (url: string) => {
    const { context } = await send('browsingContext.create', { type: 'window' })
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = (await send('script.evaluate', {
        expression: `Promise.resolve(eval(${JSON.stringify(expression)})).then((value) => JSON.stringify(value))`,
        target: { context },
        awaitPromise: true,
        userActivation: true,
      })) as { result?: { value?: string }; exceptionDetails?: { text: string } }
      if (exceptionDetails) throw new Error(exceptionDetails.text)
      return result?.value && JSON.parse(result.value)
    }
    const act = (...actions: object[]) => send('input.performActions', { context, actions })
    const pointer = (...actions: object[]) => ({
      type: 'pointer',
      id: 'mouse',
      parameters: { pointerType: 'mouse' },
      actions,
    })
    const keys = (...actions: object[]) => ({ type: 'key', id: 'keys', actions })
    const go = async (address: string) => {
      await send('browsingContext.navigate', { context, url: address, wait: 'complete' })
    }
    await go(url)
    return {
      evaluate,
      go,
      click: async (selector: string, { button = 'left', modifiers = 0 } = {}) => {
        const [x, y] = ((await evaluate(middleOf(selector))) as [number, number]).map(Math.round)
        const which = ['left', 'middle', 'right'].indexOf(button)
        const CONTROL = '\uE009'
        if (modifiers) await act(keys({ type: 'keyDown', value: CONTROL }))
        await act(
          pointer(
            { type: 'pointerMove', x, y },
            { type: 'pointerDown', button: which },
            { type: 'pointerUp', button: which },
          ),
        )
        if (modifiers) await act(keys({ type: 'keyUp', value: CONTROL }))
      },
      stir: (x = 10) => act(pointer({ type: 'pointerMove', x, y: 10 + Math.round(Math.random() * 10) })),
      type: async (selector: string, text: string) => {
        await evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`)
        await act(
          keys(
            ...[...text].flatMap((value) => [
              { type: 'keyDown', value },
              { type: 'keyUp', value },
            ]),
          ),
        )
      },
      /** Another tab of the same window comes in front, until what is returned is called. */
      hide: async () => {
        const over = await send('browsingContext.create', { type: 'tab', referenceContext: context })
        return () => send('browsingContext.close', { context: over.context })
      },
      close: () => send('browsingContext.close', { context }),
      /** The processes of all pages die. */
      crash: () =>
        void spawn('pkill', ['-KILL', '-g', `${child.pid}`, '-f', 'contentproc.* tab$'], { stdio: 'ignore' }),
    }
  }
  return {
    open,
    stop: async () => {
      close()
      process.kill(-child.pid!, 'SIGKILL')
      await sleep(200)
      await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
    },
  }
}
