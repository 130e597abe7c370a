import { z } from 'zod';

/** Printable ASCII, as CloudWatch wants it of names. */
const Name = z.string().regex(/^[\x21-\x7e][\x20-\x7e]*$/);

const Directive = z.strictObject({
  Namespace: z.string().regex(/^[\w.\-/#: ]{1,255}$/),
  Dimensions: z.array(z.array(Name.max(250)).max(30)).min(1),
  Metrics: z
    .array(z.strictObject({ Name: Name.max(1024), Unit: z.enum(['Seconds', 'Bytes', 'Count', 'None']) }))
    .min(1)
    .max(100),
});

/**
 * One log event in CloudWatch's embedded metric format, by its specification: every metric is a number of the root, every dimension a
 * text of it, and the event is smaller than 1 MB.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const EmbeddedMetrics = z
  .looseObject({
    _aws: z.strictObject({ Timestamp: z.number().int().positive(), CloudWatchMetrics: z.array(Directive).min(1) }),
  })
  .superRefine((event, context) => {
    for (const { Dimensions, Metrics } of event._aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat())
        if (!Name.max(1024).safeParse(event[name]).success)
          context.addIssue({ code: 'custom', message: `dimension ${name} is ${JSON.stringify(event[name])}` });
      for (const { Name: name } of Metrics)
        if (!z.number().safeParse(event[name]).success)
          context.addIssue({ code: 'custom', message: `metric ${name} is ${JSON.stringify(event[name])}` });
    }
  });

/** A line as CloudWatch reads it: its dimensions and its metrics. Throws for what CloudWatch would not take. */
export function readEmf(line: string): {
  at: number;
  dimensions: Record<string, unknown>;
  metrics: Record<string, number>;
} {
  if (Buffer.byteLength(line) >= 1_000_000) throw new Error(`${Buffer.byteLength(line)} bytes`);
  const event = EmbeddedMetrics.parse(JSON.parse(line));
  const directives = event._aws.CloudWatchMetrics;
  const of = (names: string[]) => Object.fromEntries(names.map((name) => [name, event[name]]));
  return {
    at: event._aws.Timestamp,
    dimensions: of(directives.flatMap(({ Dimensions }) => Dimensions.flat())),
    metrics: of(directives.flatMap(({ Metrics }) => Metrics.map(({ Name: name }) => name))) as Record<string, number>,
  };
}
