/** How often something may happen. */
export interface Size {
  name: string;
  perMinute: number;
  /** As much more may come at once, one time in ten minutes. */
  burst: number;
}

export interface Rate {
  /** Counts one. Undefined while it may go on, else the seconds to wait. Answers within a tenth of a second; never rejects. */
  take(key: string): Promise<number | undefined>;
}

/** Where it is counted: in this process, or in Redis for all processes on one store. */
export interface Rates {
  open(size: Size): Rate;
  close(): void;
}
