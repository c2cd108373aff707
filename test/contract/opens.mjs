/** Opens the database named on the command line for writing, says that it is open, and ends. */
import { openWriter } from '../../collector/store/sqlite.ts'

openWriter(process.argv[2]).close()
console.log('opened')
