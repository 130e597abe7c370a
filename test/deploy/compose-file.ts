import { parse } from 'yaml';
import { z } from 'zod';
import { readText } from './deployed.ts';

const Command = z.array(z.string()).optional();
const Volumes = z.array(z.string()).default([]);

/** OpsAgent in one of its roles. */
const Ours = z.looseObject({
  build: z.object({ context: z.string(), dockerfile: z.string() }),
  command: Command,
  environment: z.record(z.string(), z.string()),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  volumes: Volumes,
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

/** Somebody else's program. */
const Theirs = z.looseObject({
  image: z.string().regex(/:[\w.-]+$/, 'an image has a version'),
  command: Command,
  ports: z.array(z.string().startsWith('127.0.0.1:', 'nothing listens to the outside')),
  volumes: Volumes,
});

const Compose = z.object({
  services: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
});

export interface ComposeFile {
  ours: Record<string, z.output<typeof Ours>>;
  theirs: Record<string, z.output<typeof Theirs>>;
  volumes: string[];
}

/** A file of deploy/, with its anchors put in. */
export function composeFile(name: string): ComposeFile {
  const { services, volumes } = Compose.parse(parse(readText(`deploy/${name}`), { merge: true }));
  const isOurs = (service: unknown) => typeof service === 'object' && service !== null && 'build' in service;
  const all = Object.entries(services);
  return {
    ours: Object.fromEntries(all.filter(([, one]) => isOurs(one)).map(([id, one]) => [id, Ours.parse(one)])),
    theirs: Object.fromEntries(all.filter(([, one]) => !isOurs(one)).map(([id, one]) => [id, Theirs.parse(one)])),
    volumes: Object.keys(volumes),
  };
}
