import { z } from 'zod';

/** The keys of several processes on one store. */
export const fleetKeys = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'use redis://host:6379, or rediss://host:6379 for TLS' }).optional(),
  ROLE: z.enum(['all', 'web', 'worker'], 'use all, web or worker').default('all'),
};
