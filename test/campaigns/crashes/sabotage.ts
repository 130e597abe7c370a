import type { GateParts } from '../../../approvals/gate-parts.ts';
import type { Tool } from '../../../tools/tool.ts';
import type { CrashSabotage } from './life-plan.ts';

/** The parts spoiled; what it left for later is done by `catchUp`. */
export function spoil(parts: GateParts, sabotage: CrashSabotage | undefined): { catchUp(): Promise<void> } {
  if (sabotage === 'no intent') forgetIntents(parts);
  return sabotage === 'outcome before the call' ? callAfterwards(parts) : { catchUp: async () => {} };
}

/** Who claims a change says that it is written, and writes nothing. */
function forgetIntents(parts: GateParts): void {
  const { audit } = parts;
  parts.audit = {
    ...audit,
    commit: async (writes, facts, options) =>
      facts.type === 'change_intent' ? { committed: true } : audit.commit(writes, facts, options),
  };
}

/** Says at once that the reboot was made, and makes it when that is recorded. */
function callAfterwards(parts: GateParts): { catchUp(): Promise<void> } {
  const late: (() => Promise<unknown>)[] = [];
  const tool = parts.tools.get('reboot_ec2');
  if (tool?.effect !== 'write') throw new Error('there is no reboot');
  const now = new Date(parts.clock.now()).toISOString();
  const spoiled: Tool = {
    ...tool,
    async execute(input, context) {
      late.push(() => tool.execute(input, context));
      return { instance_id: String(input.instance_id), initiated_at: now, expected_by: now, check_after: now };
    },
  };
  parts.tools = new Map([...parts.tools, [tool.name, spoiled]]);
  return {
    async catchUp() {
      for (const call of late.splice(0)) await call();
    },
  };
}
