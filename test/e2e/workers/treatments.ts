/** What AWS does with a reboot, by the last two digits of the instance id. */
export type Treatment =
  | { what: string; made: boolean; answer: 'success' | 'cut off' | 'silence' | 'half' | 'page' | 'nothing' }
  | { what: string; made: boolean; answer: 'error'; status: number; code: string; message: string };

const error = (what: string, made: boolean, status: number, code: string, message: string): Treatment => ({
  ...{ what, made, answer: 'error' },
  ...{ status, code, message },
});

const SIMPLY_MADE: Treatment = { what: 'made', made: true, answer: 'success' };
const DENIED = 'You are not authorized to perform this operation.';

/** Of these AWS says itself that nothing was done. */
export const REFUSED: Readonly<Record<string, Treatment>> = {
  d1: error('denied', false, 403, 'UnauthorizedOperation', DENIED),
  d2: error('throttled', false, 503, 'RequestLimitExceeded', 'Request limit exceeded.'),
};

/** After these nobody at this end can know whether it was made: half of them were, half were not. */
export const DOUBTFUL: Readonly<Record<string, Treatment>> = {
  d3: { what: 'made, connection reset', made: true, answer: 'cut off' },
  d4: { what: 'not made, connection reset', made: false, answer: 'cut off' },
  d5: { what: 'made, no answer in time', made: true, answer: 'silence' },
  d6: { what: 'not made, no answer in time', made: false, answer: 'silence' },
  d7: error('made, status 500', true, 500, 'InternalError', 'An internal error has occurred.'),
  d8: error('not made, status 503', false, 503, 'ServiceUnavailable', 'The service is busy.'),
  d9: { what: 'made, half an answer', made: true, answer: 'half' },
  da: { what: 'made, success without content', made: true, answer: 'nothing' },
  db: { what: "made, a proxy's page with status 502", made: true, answer: 'page' },
  dc: { what: "not made, a proxy's page with status 502", made: false, answer: 'page' },
  dd: error('not made, request time-out', false, 408, 'RequestTimeout', 'The request timed out.'),
  de: error('not made, status 500', false, 500, 'InternalError', 'An internal error has occurred.'),
};

export const treatmentOf = (instanceId: string): Treatment => {
  const ending = instanceId.slice(-2);
  return REFUSED[ending] ?? DOUBTFUL[ending] ?? SIMPLY_MADE;
};
