import { cleanText } from '../lib/clean-text.ts';

/** What the `Environment` tag says. Untagged is dangerous: it counts as production wherever risk is judged. */
export type Environment = { production: true; because: string } | { production: false; name: string };

const PRODUCTION = new Set(['production', 'prod', 'prd', 'live']);

export function environmentOf(tags: Readonly<Record<string, string>>): Environment {
  const name = cleanText(tags.Environment ?? '', 60).trim();
  if (name === '') return { production: true, because: 'no Environment tag, so it counts as production' };
  if (PRODUCTION.has(name.toLowerCase())) return { production: true, because: `tagged Environment=${name}` };
  return { production: false, name };
}

/** AWS's list of tags as a plain record; an untold value is ''. */
export function tagsOf<Tag>(
  list: readonly Tag[] | undefined,
  pair: (tag: Tag) => [string | undefined, string | undefined],
) {
  const named = (list ?? []).map(pair).filter(([key]) => key !== undefined && key !== '');
  return Object.fromEntries(named.map(([key, value]) => [key ?? '', value ?? '']));
}

/** The tags the guard looks at: part of every snapshot, so that a change of them voids an approval. */
export function guardTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key === 'OpsAgentManaged' || key === 'Environment'));
}
