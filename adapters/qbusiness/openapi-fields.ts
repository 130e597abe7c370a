import { z } from 'zod';
import type { Json, JsonObject } from '../../lib/json.ts';

/** What of a field's schema both products take. The rest the tool checks itself, and its refusal says what is wrong. */
const KEPT = ['type', 'enum', 'default', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern'] as const;

/** The fields of an operation: as parameters of a query, and as the schema of a body. */
export interface Fields {
  parameters: JsonObject[];
  schema: JsonObject;
}

/** @param hidden fields that people are not asked for in a form */
export function fieldsOf(fields: z.ZodObject, hidden: readonly string[]): Fields {
  const { properties = {}, required = [] } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' });
  const all = Object.entries(properties as Record<string, JsonObject>).map(([name, property]) => {
    const extensions = {
      'x-amzn-form-display-name': inWords(name),
      ...(hidden.includes(name) && { 'x-amzn-form-hide': true }),
    };
    return { name, description: String(property.description ?? name), schema: keptOf(property), extensions };
  });
  return {
    parameters: all.map(({ name, description, schema, extensions }) => ({
      ...{ name, in: 'query', description, required: required.includes(name), ...extensions, schema },
    })),
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        all.map(({ name, description, schema, extensions }) => [name, { ...schema, description, ...extensions }]),
      ),
      ...(required.length > 0 && { required: [...required] }),
    },
  };
}

function keptOf(property: JsonObject): JsonObject {
  const kept = KEPT.flatMap((key): [string, Json][] => (property[key] === undefined ? [] : [[key, property[key]]]));
  return Object.fromEntries(kept);
}

/** 'desired_count' → 'Desired count', 'alb_arn' → 'ALB ARN' */
function inWords(name: string): string {
  const words = name.replaceAll('_', ' ').replace(SHORT_FORMS, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const SHORT_FORMS = /\b(alb|arn|url)\b/g;
