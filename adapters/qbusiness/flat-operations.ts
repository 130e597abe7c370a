import type { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import { Approval, RejectionForm, readDecision, readStatus, Status } from './about-changes.ts';
import type { Read } from './asked.ts';
import { Chat, readChat } from './chat.ts';
import { toolCall } from './input.ts';

type Values = Readonly<Record<string, unknown>>;

/** One operation of the OpenAPI document, at a path of its own, with flat values only: what Amazon Q and Quick can call (Q2). */
export interface FlatOperation {
  /** Its operationId; of a tool, the tool's name. */
  name: string;
  /** GET reads: Amazon Q asks people to confirm everything else in a form. */
  method: 'GET' | 'POST';
  path: string;
  title: string;
  description: string;
  /** What it takes, with the words of the document. */
  fields: z.ZodObject;
  /** Fields that a person is not asked for in a form. */
  hidden?: readonly string[];
  answer: 'facts' | 'proposal' | 'change' | 'chat';
  read(values: Values): Read;
}

/** The catalog's tools one by one, and what one does with a proposal. */
export function flatOperations(catalog: readonly Tool[]): readonly FlatOperation[] {
  return [...catalog.map(ofTool), APPROVE, REJECT, STATUS, CHAT];
}

function ofTool(tool: Tool): FlatOperation {
  const { name, title, summary, effect, input } = tool;
  return {
    ...{ name, title },
    method: effect === 'read' ? 'GET' : 'POST',
    path: `/operations/${name}`,
    description: effect === 'write' ? `${summary} ${PROPOSES}` : summary,
    fields: input,
    answer: effect === 'write' ? 'proposal' : 'facts',
    read: (values) => ({ asked: toolCall(tool, values) }),
  };
}

const PROPOSES =
  'This only asks for approval: nothing is changed until another call of approve_change, or a press on the card in the chat, by a person who may approve.';

const APPROVE: FlatOperation = {
  name: 'approve_change',
  method: 'POST',
  path: '/operations/approve_change',
  title: 'Approve a change',
  description:
    'Approves a proposed change with the token of its proposal, as the person who signed in. When enough people have approved, the change is executed once.',
  fields: Approval,
  answer: 'change',
  read: (values) => readDecision('approve', values),
};

const REJECT: FlatOperation = {
  name: 'reject_change',
  method: 'POST',
  path: '/operations/reject_change',
  title: 'Reject a change',
  description: 'Rejects a proposed change with the token of its proposal and a reason. It is not executed then.',
  fields: RejectionForm,
  answer: 'change',
  read: (values) => readDecision('reject', values),
};

/** By id alone: a token in an address would end up in the logs of everything in between. */
const STATUS: FlatOperation = {
  name: 'get_change_status',
  method: 'GET',
  path: '/operations/get_change_status',
  title: 'Status of a change',
  description: 'Tells where a proposed change stands: waiting, executed, rejected or expired, and what its effect was.',
  fields: Status,
  answer: 'change',
  read: readStatus,
};

const CHAT: FlatOperation = {
  name: 'chat',
  method: 'POST',
  path: '/chat',
  title: 'Say something to OpsAgent',
  description:
    'Takes one sentence about AWS operations in a person’s own words, for what no other operation does. Changes are only proposed.',
  fields: Chat.pick({ text: true, conversation_id: true }),
  hidden: ['conversation_id'],
  answer: 'chat',
  read: readChat,
};
