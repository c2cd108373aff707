/** Loaded before the collector: lets each sync of the write-ahead log take 4 ms longer, as on a disk that syncs slowly. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const MS = 4

const { fdatasync } = fs
fs.fdatasync = ((file: number, done: fs.NoParamCallback) => {
  setTimeout(() => fdatasync(file, done), MS)
}) as typeof fdatasync
syncBuiltinESMExports()
