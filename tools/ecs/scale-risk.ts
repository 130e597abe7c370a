import type { Risk } from '../../cards/view.ts';
import { environmentOf } from '../environment.ts';
import type { PlannedChange } from '../tool.ts';
import type { EcsServiceFacts } from './service.ts';

/**
 * To zero is high everywhere. Production: down is high, up is medium. Elsewhere: down is medium, up is low.
 * A service without an Environment tag counts as production.
 */
export function scaleRisk(service: EcsServiceFacts, after: number): { risk: Risk; riskReasons: string[] } {
  const environment = environmentOf(service.tags);
  const down = after < service.desired;
  const where = environment.production ? environment.because : `not production (Environment=${environment.name})`;
  if (after === 0) return { risk: 'high', riskReasons: ['no task is left, so the service stops', where] };
  const direction = down ? 'scaling down takes capacity away' : 'scaling up adds tasks and cost';
  if (environment.production) return { risk: down ? 'high' : 'medium', riskReasons: [direction, where] };
  return { risk: down ? 'medium' : 'low', riskReasons: [direction, where] };
}

export function scaleImpact(service: EcsServiceFacts, after: number): PlannedChange['impact'] {
  const { desired: before, cluster, name } = service;
  const affected = [`ECS service ${cluster}/${name}`];
  if (after === 0) {
    const recovery = `Scale back to ${before}; new tasks need to start before it serves again.`;
    return { downtime: 'The service is down until it is scaled up again.', affected, recovery };
  }
  if (after > before) {
    return { downtime: 'none', affected, recovery: `Scale back to ${before}; undo is offered afterwards.` };
  }
  const share = Math.round((1 - after / before) * 100);
  return {
    downtime: `none expected; ${share} % less capacity, tasks that stop are drained first`,
    affected,
    recovery: `Scale back to ${before}; undo is offered afterwards.`,
  };
}
