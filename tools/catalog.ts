import { searchCloudtrailEvents } from './cloudtrail/search-cloudtrail-events.ts';
import { getCloudwatchMetrics } from './cloudwatch/get-cloudwatch-metrics.ts';
import { listAlarms } from './cloudwatch/list-alarms.ts';
import { getEc2Status } from './ec2/get-ec2-status.ts';
import { listEc2Instances } from './ec2/list-ec2-instances.ts';
import { rebootEc2 } from './ec2/reboot-ec2.ts';
import { getEcsServiceStatus } from './ecs/get-ecs-service-status.ts';
import { listEcsServices } from './ecs/list-ecs-services.ts';
import { scaleEcsService } from './ecs/scale-ecs-service.ts';
import { describeAlbTargetHealth } from './elbv2/describe-alb-target-health.ts';
import { listLoadBalancers } from './elbv2/list-load-balancers.ts';
import { createIncidentRecord } from './incidents/create-incident-record.ts';
import { getIncident } from './incidents/get-incident.ts';
import { listIncidents } from './incidents/list-incidents.ts';
import { postSummaryToChannel } from './notify/post-summary-to-channel.ts';
import { getReport } from './reports/get-report.ts';
import type { Tool } from './tool.ts';

/** The one list of tools. Adding a capability is one file, one test, one line here. */
export const catalog: readonly Tool[] = [
  getEc2Status,
  getCloudwatchMetrics,
  describeAlbTargetHealth,
  searchCloudtrailEvents,
  rebootEc2,
  scaleEcsService,
  createIncidentRecord,
  postSummaryToChannel,
  listEc2Instances,
  listEcsServices,
  getEcsServiceStatus,
  listAlarms,
  listLoadBalancers,
  getIncident,
  listIncidents,
  getReport,
];

export const toolByName: ReadonlyMap<string, Tool> = new Map(catalog.map((tool) => [tool.name, tool]));
