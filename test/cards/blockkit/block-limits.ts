import { z } from 'zod';

/**
 * What Slack refuses. The numbers are written out here again, from the JSDoc of @slack/types 3.2.0 and
 * https://docs.slack.dev/reference/block-kit: a slip in the table of the product must show. Objects are strict, because
 * one unknown field makes Slack refuse the whole message.
 */
const text = (most: number) => z.string().min(1).max(most);
const plainText = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(most), emoji: z.boolean().optional() });
const markup = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: text(most), verbatim: z.boolean().optional() });
const anyText = (most: number) => z.union([plainText(most), markup(most)]);

const style = z.strictObject({ bold: z.boolean().optional(), code: z.boolean().optional() }).optional();
const inline = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: text(3000), style }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int().min(0),
    format: text(255),
    fallback: text(255),
    style,
  }),
  z.strictObject({ type: z.literal('link'), url: z.url({ protocol: /^https?$/ }).max(3000), text: text(3000) }),
]);
const richSection = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(inline).min(1) });
const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        richSection,
        z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(inline).min(1) }),
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['bullet', 'ordered']),
          elements: z.array(richSection).min(1),
        }),
      ]),
    )
    .min(1),
});

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: text(255),
  value: text(2000).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(3000)
    .optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: text(10_000) }),
  richText,
]);
const row = z.array(cell).min(1).max(20);
const table = z
  .strictObject({
    type: z.literal('table'),
    rows: z.array(row).min(1).max(100),
    column_settings: z.array(z.strictObject({ is_wrapped: z.boolean() })).max(20),
  })
  .refine(({ rows }) => rows.every((one) => one.length === rows[0]?.length), 'rows differ in length');

const name = text(20);
const chart = z
  .strictObject({
    type: z.literal('line'),
    series: z
      .array(
        z.strictObject({
          name,
          data: z
            .array(z.strictObject({ label: name, value: z.number() }))
            .min(1)
            .max(20),
        }),
      )
      .min(1)
      .max(6),
    axis_config: z.strictObject({ categories: z.array(name).min(1).max(20), x_label: text(50), y_label: text(50) }),
  })
  .refine(({ series }) => unique(series.map((one) => one.name)), 'two series have one name')
  .refine(({ axis_config }) => unique(axis_config.categories), 'two categories have one name')
  .refine(
    ({ series, axis_config: { categories } }) =>
      series.every(({ data }) => data.map(({ label }) => label).join('|') === categories.join('|')),
    'a series does not carry every category',
  );

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('divider') }),
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      text: anyText(3000).optional(),
      fields: z.array(anyText(2000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'a section is empty'),
  richText,
  z.strictObject({ type: z.literal('context'), elements: z.array(anyText(3000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
  table,
  z.strictObject({ type: z.literal('data_visualization'), title: text(50), chart }),
  z.strictObject({
    type: z.literal('input'),
    block_id: text(255),
    label: plainText(2000),
    element: z.strictObject({
      type: z.literal('plain_text_input'),
      action_id: text(255),
      multiline: z.boolean(),
      max_length: z.int().min(1).max(3000),
      focus_on_load: z.boolean(),
    }),
  }),
]);

const Message = z.strictObject({ text: text(4000), blocks: z.array(block).min(1).max(50) });
const Home = z.strictObject({ type: z.literal('home'), blocks: z.array(block).min(1).max(100) });
const Modal = z.strictObject({
  type: z.literal('modal'),
  callback_id: text(255),
  private_metadata: text(3000),
  title: plainText(24),
  submit: plainText(24),
  close: plainText(24),
  blocks: z.array(block).min(1).max(100),
});

/** Every limit that the message breaks, in words; empty when Slack would take it. */
export function brokenLimits(message: { text: string; blocks: readonly object[] }): string[] {
  return [...issues(Message, message), ...acrossBlocks(message.blocks)];
}

/** The same for a modal dialog or a Home tab. */
export function brokenViewLimits(view: { type: string; blocks: readonly object[] }): string[] {
  const foreign = view.blocks.filter((one) => /^(table|data_visualization)$/.test(String(field(one, 'type'))));
  return [
    ...issues(view.type === 'modal' ? Modal : Home, view),
    ...foreign.map((one) => `${field(one, 'type')} is for messages only`),
    ...acrossBlocks(view.blocks),
  ];
}

function issues(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function acrossBlocks(blocks: readonly object[]): string[] {
  const tables = blocks.filter((one) => field(one, 'type') === 'table');
  const charts = blocks.filter((one) => field(one, 'type') === 'data_visualization');
  return [
    ...(tables.length > 1 ? [`${tables.length} tables in one message`] : []),
    ...(charts.length > 2 ? [`${charts.length} charts in one message`] : []),
    ...(shownLength(tables) > 10_000 ? [`${shownLength(tables)} characters in tables`] : []),
    ...(shownLength(blocks) > 12_000 ? [`${shownLength(blocks)} characters in one payload`] : []),
    ...(unique(valuesOf(blocks, 'action_id')) ? [] : ['two buttons have one action_id']),
    ...(unique(valuesOf(blocks, 'block_id')) ? [] : ['two blocks have one block_id']),
  ];
}

/** Characters that people can come to see. */
function shownLength(node: unknown): number {
  const shown = ['text', 'title', 'name', 'label', 'fallback', 'x_label', 'y_label'];
  return shown.flatMap((key) => valuesOf(node, key)).reduce((sum, one) => sum + one.length, 0);
}

function valuesOf(node: unknown, key: string): string[] {
  if (Array.isArray(node)) return node.flatMap((one) => valuesOf(one, key));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === key && typeof value === 'string' ? [value] : valuesOf(value, key),
  );
}

function field(node: object, key: string): unknown {
  return Object.entries(node).find(([name]) => name === key)?.[1];
}

function unique(all: readonly string[]): boolean {
  return new Set(all).size === all.length;
}
