import canonicalize from 'canonicalize';
import { sha256Hex } from './ids.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** RFC 8785 canonical text: the same value always gives the same bytes. */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** SHA-256 over `domain`, a NUL and the canonical text; the domain keeps one kind of digest from passing for another. */
export function digest(domain: string, value: Json): string {
  return sha256Hex(`${domain}\u0000${canonicalJson(value)}`);
}
