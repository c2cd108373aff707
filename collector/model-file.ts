/** The model that seeds version 1, from a file that its owner names. */
import { readFile } from 'node:fs/promises'
import type { Model } from '../shared/model.ts'
import { readModel } from '../shared/read-model.ts'
import { ConfigError } from './config.ts'

/** Throws a `ConfigError` that names every mistake in the file. */
export const readModelFile = async (path: string): Promise<Model> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigError(`LEADLIGHT_MODEL: there is no file ${path} that can be read.`)
  })
  const { model, mistakes } = readModel(parse(text, path))
  if (model) return model
  const lines = mistakes.map(({ path: at, message }) => `  ${at}: ${message}`)
  throw new ConfigError(`LEADLIGHT_MODEL: ${path} is not a model:\n${lines.join('\n')}`)
}

const parse = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`LEADLIGHT_MODEL: ${path} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}
