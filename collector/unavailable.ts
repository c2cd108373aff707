/** Thrown where nothing can be written at present, through no fault of the one who asked: try again. */
export class Unavailable extends Error {}
