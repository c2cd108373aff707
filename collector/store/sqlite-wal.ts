/**
 * Whether the write-ahead log still holds all that was committed to it. SQLite reads a log up to the first frame that is
 * not sound and takes what comes before for all there is. But the index beside it (`-shm`), which outlives a process that
 * is killed, tells how many frames were committed, each of them with the machine before that number was written. So this
 * costs a commit nothing. What it cannot tell: a log that is gone together with its index, and what a machine without power
 * lost.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { uptime } from 'node:os'
import { StoreError } from './failure.ts'

/** See https://www.sqlite.org/walformat.html */
const HEAD = 32
const FRAME_HEAD = 24
const SALTS = { log: 16, frame: 8, index: 32 } as const
const INDEX = { version: 3_007_000, bytes: 48, isInit: 12, mxFrame: 4, moved: 24 } as const
const LITTLE_ENDIAN = 0x377f0682

/** What the index says. */
interface Index {
  readonly committed: number
  /** Of those, how many are in the database file already. */
  readonly moved: number
  /** The first counts up each time the log begins anew, the second is random. */
  readonly salts: Buffer
}

/** Since it was written the machine was started anew: it may tell of commits that were not synced, nor acknowledged. */
const isOfBefore = (path: string): boolean => statSync(path).mtimeMs < Date.now() - uptime() * 1000

/** Undefined where there is none, or it was being written. Of its two copies the second is written first. */
const readIndex = (path: string): Index | undefined => {
  if (!existsSync(path) || isOfBefore(path)) return undefined
  const bytes = readFileSync(path).subarray(0, 4 * INDEX.bytes)
  const { bytes: size } = INDEX
  if (bytes.length < 4 * size || !bytes.subarray(0, size).equals(bytes.subarray(size, 2 * size))) return undefined
  // In the order of this machine's bytes.
  const words = new Uint32Array(Uint8Array.from(bytes).buffer)
  if (words[0] !== INDEX.version || bytes[INDEX.isInit] !== 1) return undefined
  const salts = bytes.subarray(SALTS.index, SALTS.index + 8)
  return { committed: words[INDEX.mxFrame]!, moved: words[INDEX.moved]!, salts }
}

type Sum = readonly [number, number]

const summed = (bytes: Buffer, isLittle: boolean, [first, second]: Sum): Sum => {
  let [a, b] = [first, second]
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0
    b = (b + (isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0
  }
  return [a, b]
}

const isSum = (bytes: Buffer, at: number, [a, b]: Sum): boolean =>
  bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b

interface Log {
  readonly salts: Buffer
  /** How many of the first frames are sound, looked at up to so many. */
  readonly soundUpTo: (most: number) => number
}

/** Undefined where there is none, or nothing in it. */
const readLog = (file: number): Log | undefined => {
  const head = Buffer.alloc(HEAD)
  if (fstatSync(file).size < HEAD || readSync(file, head, 0, HEAD, 0) < HEAD) return undefined
  const isLittle = head.readUInt32BE(0) === LITTLE_ENDIAN
  const salts = head.subarray(SALTS.log, SALTS.log + 8)
  const size = FRAME_HEAD + head.readUInt32BE(8)
  const soundUpTo = (most: number): number => {
    let sum = summed(head.subarray(0, 24), isLittle, [0, 0])
    if (!isSum(head, 24, sum) || size > FRAME_HEAD + 65_536) return 0
    const frame = Buffer.alloc(size)
    for (let n = 0; n < most; n += 1) {
      if (readSync(file, frame, 0, size, HEAD + n * size) < size) return n
      sum = summed(frame.subarray(FRAME_HEAD), isLittle, summed(frame.subarray(0, 8), isLittle, sum))
      if (!frame.subarray(SALTS.frame, SALTS.frame + 8).equals(salts) || !isSum(frame, 16, sum)) return n
    }
    return most
  }
  return { salts, soundUpTo }
}

/** Whether the index was written after the log began: one that a machine without power left behind may be older. */
const isOlder = ({ salts }: Index, log: Log): boolean => {
  const by = (log.salts.readUInt32BE(0) - salts.readUInt32BE(0)) >>> 0
  return by > 0 && by < 2 ** 31
}

const holdsAll = (path: string): boolean => {
  const index = readIndex(`${path}-shm`)
  if (!index || index.committed <= index.moved) return true
  if (!existsSync(`${path}-wal`)) return false
  const file = openSync(`${path}-wal`, 'r')
  try {
    const log = readLog(file)
    if (log && isOlder(index, log)) return true
    return log?.salts.equals(index.salts) === true && log.soundUpTo(index.committed) === index.committed
  } finally {
    closeSync(file)
  }
}

/**
 * Before SQLite opens a file that may not be in use, be it for reading: it would make the index anew, and afterwards nobody
 * could tell. Looks twice: of a file in use, index and log may be of two instants.
 */
export const refuseShortLog = (path: string): void => {
  if (holdsAll(path) || holdsAll(path)) return
  throw new StoreError(
    `${path}-wal is damaged: events that were acknowledged are missing at its end. Put the whole file back, or restore a \
backup. To go on without them, remove ${path}-shm.`,
  )
}
