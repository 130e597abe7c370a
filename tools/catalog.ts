import type { Tool } from './tool.ts';

/** The one list of tools. Adding a capability is one file, one test, one line here. */
export const catalog: readonly Tool[] = [];

export const toolByName: ReadonlyMap<string, Tool> = new Map(catalog.map((tool) => [tool.name, tool]));
