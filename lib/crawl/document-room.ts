/** Documents of up to MAX_FILE_SIZE_MB that a worker has in memory at once; those that find no room may be as large as a page. */
const PLACES = 2;

/** One visit's place in it. */
export interface DocumentPlace {
  /** False when there is none; asking again changes nothing. */
  take(): boolean;
  leave(): void;
}

/** Keeps the memory of a worker bounded, however many large documents a site links to. */
export class DocumentRoom {
  #free: number;

  constructor(places = PLACES) {
    this.#free = places;
  }

  place(): DocumentPlace {
    let isTaken = false;
    return {
      take: () => {
        if (!isTaken && this.#free > 0) {
          this.#free--;
          isTaken = true;
        }
        return isTaken;
      },
      leave: () => {
        if (isTaken) this.#free++;
        isTaken = false;
      },
    };
  }
}
