/** Found from here, where the peers are installed. */
export const load = (name: string): Promise<Record<string, unknown>> => import(name);
