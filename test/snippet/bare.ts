/**
 * A Chromium as a visitor has it: with back/forward cache, prerendering and no automation flag, all of which Playwright
 * switches off. Driven by the DevTools protocol over its own socket.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHROMIUM, FLAGS, middleOf, sleep, until } from './browser.ts'

type Answer = { readonly [name: string]: unknown }

/** A socket on which each question is answered under its number, as DevTools and WebDriver BiDi do it. */
export const connect = async (address: string) => {
  const socket = new WebSocket(address)
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  let id = 0
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data as string)
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) call?.reject(new Error(message.error.message ?? message.message))
    else call?.resolve(message.result)
  }
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error('the page is gone'))
  }
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = reject
  })
  return {
    send: (method: string, params: object = {}) =>
      new Promise<Answer>((resolve, reject) => {
        waiting.set(++id, { resolve, reject })
        socket.send(JSON.stringify({ id, method, params }))
      }),
    close: () => socket.close(),
  }
}

/** A browser that nobody watches, not even DevTools, opened at a page that goes its own way. */
export const wander = async (url: string): Promise<() => Promise<void>> => {
  const profile = await mkdtemp(join(tmpdir(), 'leadlight-browser-'))
  const child = spawn(CHROMIUM!, [...FLAGS, `--user-data-dir=${profile}`, '--remote-debugging-port=0', url], {
    stdio: 'ignore',
  })
  return async () => {
    child.kill('SIGKILL')
    await sleep(100)
    await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
  }
}

export const launchBare = async (...flags: string[]) => {
  const profile = await mkdtemp(join(tmpdir(), 'leadlight-browser-'))
  const arguments_ = [...FLAGS, ...flags, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank']
  const child: ChildProcess = spawn(CHROMIUM!, arguments_, { stdio: 'ignore' })
  const port = await until(
    () =>
      readFile(join(profile, 'DevToolsActivePort'), 'utf8').then(
        (text) => text.split('\n')[0],
        () => undefined,
      ),
    20_000,
  )
  const ask = async (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}/json/${path}`, { method })
  const { webSocketDebuggerUrl } = (await (await ask('version')).json()) as { webSocketDebuggerUrl: string }
  const browser = await connect(webSocketDebuggerUrl)

  /** Opens a tab; a window of its own, so that tabs do not hide one another. */
  const open = async (url: string) => {
    const { targetId } = (await browser.send('Target.createTarget', { url: 'about:blank', newWindow: true })) as {
      targetId: string
    }
    const session = await connect(`ws://127.0.0.1:${port}/devtools/page/${targetId}`)
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = (await session.send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
        userGesture: true,
      })) as { result: { value: unknown }; exceptionDetails?: { exception?: { description?: string } } }
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description)
      return result.value
    }
    const go = async (address: string) => {
      await session.send('Page.navigate', { url: address })
      await until(() =>
        evaluate(`location.href === ${JSON.stringify(address)} && document.readyState === 'complete'`).catch(
          () => false,
        ),
      )
    }
    const mouse = (type: string, x: number, y: number, button: string, modifiers: number) =>
      session.send('Input.dispatchMouseEvent', {
        type,
        x,
        y,
        button,
        modifiers,
        clickCount: type === 'mouseMoved' ? 0 : 1,
      })
    // Time by the thread's own clock: what else the machine does is not counted.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await go(url)
    return {
      evaluate,
      go,
      send: session.send,
      click: async (selector: string, { button = 'left', modifiers = 0 } = {}) => {
        const [x, y] = (await evaluate(middleOf(selector))) as [number, number]
        await mouse('mouseMoved', x, y, 'none', modifiers)
        await mouse('mousePressed', x, y, button, modifiers)
        await mouse('mouseReleased', x, y, button, modifiers)
      },
      /** A sign of life. */
      stir: (x = 10) => mouse('mouseMoved', x, 10 + Math.random() * 10, 'none', 0),
      type: async (selector: string, text: string) => {
        await evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`)
        await session.send('Input.insertText', { text })
      },
      /** Minimizes the window, until what is returned is called. */
      hide: async () => {
        const { windowId } = await browser.send('Browser.getWindowForTarget', { targetId })
        const put = (windowState: string) =>
          browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
        await put('minimized')
        return () => put('normal')
      },
      /** Closes the tab as the visitor does. */
      close: () => ask(`close/${targetId}`),
      crash: () => void session.send('Page.crash').catch(() => {}),
    }
  }
  return {
    open,
    stop: async () => {
      browser.close()
      child.kill('SIGKILL')
      await sleep(100)
      await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
    },
  }
}
export type Bare = Awaited<ReturnType<typeof launchBare>>
export type Tab = Awaited<ReturnType<Bare['open']>>

/** Milliseconds for which scripts have run on the page since it began to load. */
export const scriptTime = async (tab: Tab): Promise<number> => {
  const { metrics } = (await tab.send('Performance.getMetrics')) as { metrics: { name: string; value: number }[] }
  return metrics.find(({ name }) => name === 'ScriptDuration')!.value * 1000
}
