import type { Json } from '../lib/json.ts';
import { redactJson } from '../lib/redact.ts';
import type { View } from './view.ts';

/** The view without secrets that came in with AWS's or people's words (A5). Only the requester's own approval token stays. */
export function redactView<V extends View>(view: V): V {
  const { token, ...rest } = view as V & { token?: string };
  const clean = redactJson(rest as unknown as Json) as unknown as V;
  return token === undefined ? clean : { ...clean, token };
}
