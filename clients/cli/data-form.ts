/** A message's data for people: from its JSON Schema, one row a field and an example that the schema takes. */

import { z } from 'zod';
import { country, opaqueId } from '../../domain/member';

export interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** Rows of field, form, and whether it may be left out. */
export function formRows(schema: JsonSchema, under = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = under + name;
    const needed = schema.required?.includes(name) ? '' : 'optional';
    const inner = field.type === 'array' ? formRows(field.items ?? {}, `${path}[].`) : formRows(field, `${path}.`);
    return inner.length > 0
      ? [...(needed || field.type === 'array' ? [[path, formOf(field), needed]] : []), ...inner]
      : [[path, formOf(field), needed]];
  });
}

function formOf(schema: JsonSchema): string {
  const { type, format, pattern } = schema;
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (type === 'array') return `list of ${formOf(schema.items ?? {})}${span(schema.minItems, schema.maxItems)}`;
  if (type === 'object') return 'object';
  if (type === 'integer' || type === 'number') return type + span(leastOf(schema), most(schema.maximum));
  if (type !== 'string') return type ?? 'any';
  if (format === 'date') return 'date (2026-04-01)';
  if (format === 'date-time') return 'instant (2026-04-01T08:00:00Z)';
  if (format) return format;
  if (pattern && named.has(pattern)) return named.get(pattern) ?? pattern;
  return pattern ? `text ${pattern}` : `text${span(schema.minLength, schema.maxLength)}`;
}

const patternOf = (form: z.ZodType): string => String((z.toJSONSchema(form) as JsonSchema).pattern);
/** Patterns that have a name. */
const named = new Map([
  [patternOf(opaqueId), 'id (letters, digits, - _ .)'],
  [patternOf(country), 'country (ISO 3166-1)'],
]);

const leastOf = ({ minimum, exclusiveMinimum }: JsonSchema): number | undefined =>
  exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;

/** The largest safe integer is no bound that anybody need read. */
const most = (maximum: number | undefined): number | undefined =>
  maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;

function span(from: number | undefined, to: number | undefined): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return `, from ${String(from)}`;
  return `, ${from === undefined ? 'up' : String(from)} to ${String(to)}`;
}

/** What fields of these names (or of these in that) hold in examples; the rest follows from the schema. */
const samples: Record<string, unknown> = {
  supplier: 'sup-ningbo-lighting',
  buyer: 'buy-hamburg-home',
  reference: 'PO 4500127',
  product: 'led-panel-60x60',
  'supplier.name': 'Chen Lihua',
  'buyer.name': 'Katrin Petersen',
  name: 'LED panel light 60 × 60 cm',
  hsCode: '94051100',
  quantity: 800,
  unit: 'piece',
  amount: 1450,
  method: 'tt',
  'shipping.method': 'sea',
  incoterm: 'FOB',
  destination: 'DE',
  consignee: 'Alster Home & Living GmbH, 20457 Hamburg',
  shipBy: '2030-12-31',
  advancePercent: 30,
  email: 'name@company.example',
  phone: '+49 40 3019 4472',
  changes: { payment: { advancePercent: 40, methods: ['tt'] } },
  reason: 'The buyer no longer needs the goods.',
  comment: 'As agreed.',
  text: 'Shipped in time, as described.',
  stars: 5,
  exportOrder: 'export-1',
  declaration: '310120260000000001',
  account: '9120034500678',
  entryReference: 'CITI-2026-000123',
  effect: 'po-4500127:12:1',
  tracking: 'JD0146000031',
  link: 'https://files.example/photos.zip',
  report: 'https://files.example/inspection.pdf',
  sha256: 'a'.repeat(64),
};

const fits = (sample: unknown, { type, enum: choices }: JsonSchema): boolean =>
  choices ? choices.includes(sample) : typeof sample === (type === 'integer' ? 'number' : type);

/** An example of data of this form, optional fields included. */
export function exampleOf(schema: JsonSchema, name = '', within = ''): unknown {
  const { type, properties } = schema;
  const sample = samples[`${within}.${name}`] ?? samples[name];
  // A name may be a field's here and a group's there: `product`, `amount`.
  if (sample !== undefined && fits(sample, schema)) return sample;
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, field]) => [key, exampleOf(field, key, name)]),
    );
  if (type === 'array') return [exampleOf(schema.items ?? {}, name)];
  if (type === 'integer' || type === 'number') return leastOf(schema) ?? 0;
  if (type === 'boolean') return true;
  return schema.format === 'date' ? '2026-04-01' : schema.format === 'date-time' ? '2026-04-01T08:00:00Z' : 'text';
}
