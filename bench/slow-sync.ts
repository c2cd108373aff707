/** Loaded before the collector: lets each sync of its log take 4 ms longer, as on a disk that syncs slowly. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const MS = 4

const { fdatasync } = fs
const slow = (file: number, then: fs.NoParamCallback): void => {
  setTimeout(fdatasync, MS, file, then)
}
fs.fdatasync = slow as typeof fdatasync
syncBuiltinESMExports()
