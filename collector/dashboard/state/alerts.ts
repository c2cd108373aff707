/** Telling of a lead that is ready for sales also to those who look elsewhere: by a sound, by a notice of the system. */
import { signal } from '@preact/signals'
import { t } from '../strings/language.ts'

const KEYS = { sound: 'leadlight-sound', notice: 'leadlight-notice' } as const
type Way = keyof typeof KEYS

/** Storage can be forbidden; then the choice lasts as long as the page. */
const stored = (way: Way): boolean => {
  try {
    return localStorage.getItem(KEYS[way]) === 'on'
  } catch {
    return false
  }
}
const store = (way: Way, on: boolean): void => {
  try {
    localStorage.setItem(KEYS[way], on ? 'on' : 'off')
  } catch {
    // see stored()
  }
}

export const sound = signal(stored('sound'))
export const notice = signal(stored('notice') && globalThis.Notification?.permission === 'granted')
/** The reader, or an address that is not secure, forbids notices. */
export const isNoticeRefused = signal(false)

let audio: AudioContext | undefined

/** Two soft notes, the second higher. A browser lets them sound once the reader has touched the page. */
const chime = (): void => {
  audio ??= new AudioContext()
  for (const [i, frequency] of [587, 880].entries()) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()]
    const start = audio.currentTime + i * 0.16
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0.12, start)
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
    tone.connect(volume).connect(audio.destination)
    tone.start(start)
    tone.stop(start + 0.5)
  }
}

export const chooseSound = (on: boolean): void => {
  sound.value = on
  store('sound', on)
  if (on) chime()
}

export const chooseNotice = async (on: boolean): Promise<void> => {
  const granted = on && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  isNoticeRefused.value = on && !granted
  notice.value = granted
  store('notice', granted)
}

/** Somebody has just become an SQL. */
export const alertOf = (who: string, address: string): void => {
  if (sound.value) chime()
  if (!notice.value) return
  const shown = new Notification(t.alerts.title, { body: t.alerts.body(who), tag: address })
  shown.onclick = () => {
    window.focus()
    location.hash = address
  }
}
