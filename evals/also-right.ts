import type { ToolCall } from '../approvals/call.ts';
import { known } from '../tools/aws/simulated/known.ts';
import { WEB } from './sentence.ts';

const { cluster, service } = known.sickService;
const reboot = (instance_id: string): ToolCall => ({ tool: 'reboot_ec2', input: { instance_id } });
const scale = (desired_count: number): ToolCall => ({
  tool: 'scale_ecs_service',
  input: { cluster, service, desired_count },
});
const firing: ToolCall = { tool: 'list_alarms', input: { state: 'alarm' } };

/**
 * What a model may come to and the matcher may not: the sentence asks for it in so many words, and what is missing is one read
 * away. Sentences that leave open whether anything is wanted have no line here.
 */
export const alsoRight: ReadonlyMap<string, readonly ToolCall[]> = new Map([
  ['reboot web-2', [reboot(known.sickInstance)]],
  ['reboot instance_id=web-1', [reboot(known.healthyInstance)]],
  [`check and reboot ${WEB}`, [reboot(WEB)]],
  [`check ${WEB} and reboot it`, [reboot(WEB)]],
  [`reboot ${WEB} and list alarms`, [reboot(WEB)]],
  [`reboot ${WEB} and scale main/checkout to 4`, [reboot(WEB), scale(4)]],
  [`reboot_ec2(${WEB})`, [reboot(WEB)]],
  ['scale checkout to 4', [scale(4)]],
  ['scale checkout to 6', [scale(6)]],
  ['ecs scale up checkout 4', [scale(4)]],
  ['ecs scale service checkout 4', [scale(4)]],
  ['scale main/checkout by two', [scale(6)]],
  ['scale main/checkout up by 2', [scale(6)]],
  ['scale main/checkout +2', [scale(6)]],
  ['double main/checkout', [scale(8)]],
  ['what is firing', [firing]],
  ["what's firing right now?", [firing]],
  ['which alarms are firing', [firing]],
  ['what is broken', [firing]],
]);
