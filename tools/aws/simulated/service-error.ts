import { randomUUID } from 'node:crypto';

/** The shape in which the SDK throws what AWS refuses, so that both worlds go through one error map. */
class SimulatedServiceError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { httpStatusCode: number; requestId: string };

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = code;
    this.$fault = status < 500 ? 'client' : 'server';
    this.$metadata = { httpStatusCode: status, requestId: randomUUID() };
  }
}

/** Codes and words are those AWS uses for the same refusal. */
export function serviceError(code: string, status: number, message: string): Error {
  return new SimulatedServiceError(code, status, message);
}
