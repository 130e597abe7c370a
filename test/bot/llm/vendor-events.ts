import { crc32 } from 'node:zlib';

/** How a vendor puts events on the wire: the Messages API as server-sent events, Bedrock as frames of its own. */
export type Wire = 'anthropic' | 'bedrock';
export type VendorEvent = { type: string } & Record<string, unknown>;

export type Block =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; json: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string };

export const NO_TOKENS = { input_tokens: 0, output_tokens: 0 };

/** A whole answer, in the order in which both vendors send it. */
export function answer(blocks: readonly Block[], stop_reason = 'end_turn', usage: object = NO_TOKENS): VendorEvent[] {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    usage,
  };
  return [
    { type: 'message_start', message },
    ...blocks.flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: Block, index: number): VendorEvent[] {
  const start = (content_block: object) => ({ type: 'content_block_start', index, content_block });
  const delta = (delta: object) => ({ type: 'content_block_delta', index, delta });
  const stop = { type: 'content_block_stop', index };
  switch (block.type) {
    case 'text':
      return [
        start({ type: 'text', text: '' }),
        ...halves(block.text).map((text) => delta({ type: 'text_delta', text })),
        stop,
      ];
    case 'tool_use': {
      const { id, name } = block;
      const parts = halves(block.json).map((partial_json) => delta({ type: 'input_json_delta', partial_json }));
      return [start({ type: 'tool_use', id, name, input: {} }), ...parts, stop];
    }
    case 'thinking': {
      const { thinking, signature } = block;
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking }),
        delta({ type: 'signature_delta', signature }),
        stop,
      ];
    }
    case 'redacted_thinking':
      return [start(block), stop];
  }
}

const halves = (text: string) => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

export function onTheWire(wire: Wire, event: VendorEvent): Buffer {
  const json = JSON.stringify(event);
  if (wire === 'anthropic') return Buffer.from(`event: ${event.type}\ndata: ${json}\n\n`);
  return frame({ ':event-type': 'chunk', ':message-type': 'event' }, { bytes: Buffer.from(json).toString('base64') });
}

/** An error after the answer has begun: 200 has long been sent. */
export function errorOnTheWire(wire: Wire, type: string, message: string): Buffer {
  if (wire === 'anthropic') return onTheWire(wire, { type: 'error', error: { type, message } });
  return frame({ ':exception-type': type, ':message-type': 'exception' }, { message });
}

/** One message of application/vnd.amazon.eventstream: lengths, headers and payload, each part with its checksum. */
function frame(headers: Record<string, string>, payload: object): Buffer {
  const head = Buffer.concat(
    Object.entries({ ...headers, ':content-type': 'application/json' }).map(([name, value]) =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7, 0, value.length]),
        Buffer.from(value),
      ]),
    ),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.concat([number(12 + head.length + body.length + 4), number(head.length)]);
  const message = Buffer.concat([prelude, number(crc32(prelude)), head, body]);
  return Buffer.concat([message, number(crc32(message))]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
