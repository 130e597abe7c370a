/** What a span may be about. */
export type SpanName = 'turn' | 'understand' | 'model' | 'gate' | 'store' | 'aws' | 'execute' | 'deliver';

/**
 * What a span may say: words from short closed lists, and two ids. Never what a person wrote, a name or a secret; what does not
 * look like a word of a list is left out.
 */
export type SpanFacts = Partial<
  Record<
    | 'channel'
    | 'origin'
    | 'outcome'
    | 'kind'
    | 'provider'
    | 'tool'
    | 'service'
    | 'operation'
    | 'what'
    | 'correlationId'
    | 'changeId',
    string
  >
>;

export interface Tracing {
  /** False: nothing is kept, and there is no use in wrapping anything. */
  readonly isOn: boolean;
  /** Runs `work` as a span; spans that begin inside it, across awaits too, are its children. Ends and fails as `work` does. */
  span<T>(name: SpanName, facts: SpanFacts, work: (tell: (facts: SpanFacts) => void) => Promise<T>): Promise<T>;
  /** The same for what has just ended and took `ms`. */
  past(name: SpanName, facts: SpanFacts, ms: number): void;
  /** Sends what waits, within two seconds. Never rejects. */
  close(): Promise<void>;
}

export const noTracing: Tracing = {
  isOn: false,
  span: (_name, _facts, work) => work(() => {}),
  past() {},
  close: async () => {},
};
