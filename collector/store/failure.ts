/** Thrown by a store that cannot be had, with a sentence that says what to do. */
export class StoreError extends Error {}
