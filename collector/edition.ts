/** A version of the model at work: compiled once, then asked for every event. */
import type { Model } from '../shared/model.ts'
import { createEventNames } from '../shared/signal.ts'
import { createFolds, type Folds } from './folds.ts'
import type { Scoring } from './store/store.ts'

export interface Edition extends Scoring, Folds {
  /** The signal that the name of an event stands for. */
  readonly signalOf: (name: string) => string | undefined
}

export const createEdition = ({ version, model }: { readonly version: number; readonly model: Model }): Edition => ({
  version,
  model,
  ...createFolds(model),
  signalOf: createEventNames(model),
})
