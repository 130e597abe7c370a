import { parse } from 'yaml';
import type { Parameter } from './remote-config.ts';
import { reasonOf } from './watched-file.ts';

/** The YAML mappings of all parameters as one; null where they all say nothing. @throws Error naming the parameter */
export function joinYaml(parameters: readonly Parameter[]): unknown {
  const entries = new Map<string, unknown>();
  const documents = parameters.map((parameter) => ({ ...parameter, mapping: readMapping(parameter) }));
  for (const { name, mapping } of documents)
    for (const [entry, value] of Object.entries(mapping ?? {})) {
      if (entries.has(entry)) throw new Error(`${name}: ${entry} stands in another parameter too`);
      entries.set(entry, value);
    }
  return documents.every(({ mapping }) => mapping === null) ? null : Object.fromEntries(entries);
}

function readMapping({ name, type, value }: Parameter): object | null {
  if (type === 'StringList') throw new Error(`${name} is a StringList; keep YAML in a String or SecureString`);
  const content = parseAt(name, value);
  if (typeof content === 'object' && !Array.isArray(content)) return content;
  throw new Error(`${name}: this is no YAML mapping`);
}

function parseAt(name: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // Below its first line the parser shows the text itself, which may be encrypted for a reason.
    const [reason = ''] = reasonOf(error).split('\n');
    throw new Error(`${name}: ${reason.replace(/:$/, '')}`);
  }
}
