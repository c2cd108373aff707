/** Makes the program it is loaded into believe that all is on disk, so that a test can see what that would look like. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

fs.fdatasync = (_file, then) => setImmediate(then, null)
syncBuiltinESMExports()
