/** Ends the program it is loaded into, without warning, at the nth step (DIES_AT) of bringing a schema up to date. */
import Database from 'better-sqlite3'

const at = Number(process.env.DIES_AT)
let steps = 0
const step = () => {
  steps += 1
  if (steps === at) process.kill(process.pid, 'SIGKILL')
}

const { exec, pragma, prepare } = Database.prototype
const around = (isStep, original) =>
  function (text, ...rest) {
    if (!isStep(text)) return original.call(this, text, ...rest)
    step()
    const result = original.call(this, text, ...rest)
    step()
    return result
  }
Database.prototype.exec = around((text) => !/EXCLUSIVE/.test(text), exec)
Database.prototype.pragma = around((text) => /user_version = /.test(text), pragma)
Database.prototype.prepare = around((text) => /VACUUM INTO/.test(text), prepare)
