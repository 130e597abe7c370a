import type { JsonObject } from '../../lib/json.ts';
import { MODES } from '../../lib/modes.ts';
import type { FlatOperation } from './flat-operations.ts';

const text = (description: string): JsonObject => ({ type: 'string', description });
const yesOrNo = (description: string): JsonObject => ({ type: 'boolean', description });

const USUAL: JsonObject = {
  success: yesOrNo('Whether it is done, or asked for, as it was wanted'),
  status: text(
    'done; pending, executing, succeeded, rejected, expired and the other states of a change; denied, sign_in_required, not_found, failed, duplicate, working, question, not_understood',
  ),
  summary: text('The answer in one line; of a refusal also why, and what to do next'),
  details: text('The whole answer as text, at most 24 kB'),
  execution_mode: { ...text('Whether AWS is simulated, only read, or really changed'), enum: [...MODES] },
  correlation_id: text('Names this call in records and logs'),
};

const OF_A_CHANGE: JsonObject = {
  approval_id: text('Id of the change, for get_change_status'),
  approval_required: yesOrNo('True while people still have to approve it'),
  expires_at: text('No approval counts from this moment on; ISO 8601, UTC'),
  action_summary: text('Exactly what would be done, before and after'),
  risk_level: text('low, medium, high or critical'),
  impact_assessment: text('Downtime, what is affected, how it recovers, and why the risk is what it is'),
};

const OF_A_PROPOSAL: JsonObject = {
  approval_token: text('For approve_change and reject_change; shown once'),
  instructions: text('Who may approve, how, and until when'),
};

const OF_A_DECISION: JsonObject = {
  action_executed: text('What was executed; absent while nothing was'),
  execution_details: text('What AWS answered, or why nothing was executed'),
  monitoring: text('Whether the effect was seen, and when to ask again'),
};

const PROPERTIES: Record<FlatOperation['answer'], JsonObject> = {
  facts: USUAL,
  proposal: { ...USUAL, ...OF_A_CHANGE, ...OF_A_PROPOSAL, ...OF_A_DECISION },
  change: { ...USUAL, ...OF_A_CHANGE, instructions: OF_A_PROPOSAL.instructions ?? '', ...OF_A_DECISION },
  chat: { ...USUAL, ...OF_A_CHANGE, ...OF_A_PROPOSAL, ...OF_A_DECISION },
};

/** Flat: text and yes or no only, the same wherever it appears. */
export function answerSchema(answer: FlatOperation['answer']): JsonObject {
  return { type: 'object', properties: PROPERTIES[answer], required: Object.keys(USUAL) };
}
