/** How often something may happen. */
export interface Size {
  name: string;
  perMinute: number;
  /** As many more may come in ten minutes, at once or spread. */
  burst: number;
}

export interface Rate {
  /** Counts one. Undefined while it may go on, else the seconds to wait. Waits for Redis a tenth of a second at most, twice beyond the minute's calls; never rejects. */
  take(key: string): Promise<number | undefined>;
}

/** Where it is counted: in this process, or in Redis for all processes on one store. */
export interface Rates {
  open(size: Size): Rate;
  close(): void;
}
