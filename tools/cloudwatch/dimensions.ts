import { OpsError } from '../../lib/errors.ts';
import { instanceIdPattern } from '../params.ts';

/** Namespaces whose dimension is known from a resource id alone. */
export const NAMESPACES = ['AWS/EC2', 'AWS/ECS', 'AWS/ApplicationELB', 'CWAgent'] as const;
export type Namespace = (typeof NAMESPACES)[number];

/**
 * The dimensions CloudWatch files a resource's metrics under.
 *
 * @throws OpsError `input_invalid` when the id cannot belong to the namespace
 */
export function dimensionsFor(namespace: Namespace, resourceId: string): Record<string, string> {
  switch (namespace) {
    case 'AWS/EC2':
    case 'CWAgent':
      if (instanceIdPattern.test(resourceId)) return { InstanceId: resourceId };
      throw wrongResource(namespace, resourceId, 'an instance id like i-0a1b2c3d4e5f60718');
    case 'AWS/ECS': {
      const [cluster = '', service = '', ...rest] = resourceId.split('/');
      if (cluster === '' || rest.length > 0)
        throw wrongResource(namespace, resourceId, 'cluster/service like main/checkout');
      return service === '' ? { ClusterName: cluster } : { ClusterName: cluster, ServiceName: service };
    }
    case 'AWS/ApplicationELB': {
      const part = resourceId.includes(':loadbalancer/') ? resourceId.split(':loadbalancer/')[1] : resourceId;
      if (part?.startsWith('app/')) return { LoadBalancer: part };
      throw wrongResource(namespace, resourceId, 'a load balancer ARN or its end, like app/web/50dc6c495c0c9188');
    }
  }
}

function wrongResource(namespace: string, resourceId: string, right: string): OpsError {
  return new OpsError('input_invalid', `resource_id: ${resourceId} is not a resource of ${namespace}.`, {
    hint: `With ${namespace} the resource_id is ${right}.`,
    facts: { field: 'resource_id' },
  });
}

/** The unit a metric is published in, by its name. */
export function unitOf(metricName: string, statistic: string): string {
  if (statistic === 'SampleCount') return 'samples';
  if (/Utilization|percent/i.test(metricName)) return 'percent';
  if (/Bytes|NetworkIn$|NetworkOut$/.test(metricName)) return 'bytes';
  if (/ResponseTime|Latency/.test(metricName)) return 'seconds';
  return 'count';
}
