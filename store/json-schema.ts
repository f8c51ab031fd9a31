/** MongoDB's `$jsonSchema` from a zod schema, so that the database refuses what the code refuses. */
import { z } from 'zod';
import { personalPattern } from '../config/keys';

type Json = Record<string, unknown>;

/** Keywords of JSON Schema that MongoDB does not know. */
const unknownToMongo = new Set(['$schema', 'format', 'default', 'examples', 'id', '$id', 'contentEncoding']);

/** The validator of a collection whose documents have the form of `schema`, under `_id` in the place of `key`. */
export function validatorOf(schema: z.ZodType): { $jsonSchema: Json } {
  const json = z.toJSONSchema(schema, { target: 'draft-4', io: 'output', unrepresentable: 'any', reused: 'inline' });
  return { $jsonSchema: withId(sealable(translate(json)) as Json) };
}

/** The people of a contract are kept sealed (`personal.ts`): each of their texts may be so, in whatever collection. */
function sealable(node: unknown, isPerson = false): unknown {
  if (Array.isArray(node)) return node.map((one) => sealable(one, isPerson));
  if (typeof node !== 'object' || node === null) return node;
  const { properties, ...rest } = node as Json;
  const others = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, sealable(value, isPerson)]));
  if (typeof properties === 'object' && properties !== null) {
    const fields = Object.entries(properties as Json).map(([name, inner]) => {
      const isOfPerson = isPerson || name === 'contacts';
      return [name, name === 'consignee' ? orSealed(inner) : sealable(inner, isOfPerson)] as const;
    });
    return { ...others, properties: Object.fromEntries(fields) };
  }
  return isPerson && (node as Json).bsonType === 'string' ? orSealed(node) : others;
}

const sealed: Json = { bsonType: 'string', pattern: personalPattern };
const orSealed = (plain: unknown): Json => ({ anyOf: [plain, sealed] });

/** Every document has an `_id` beside its own fields. */
function withId(json: Json): Json {
  const alternatives = (json.oneOf ?? json.anyOf) as Json[] | undefined;
  if (alternatives) return { bsonType: 'object', anyOf: alternatives.map(withId) };
  return { ...json, properties: { _id: {}, ...(json.properties as Json) } };
}

function translate(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(translate);
  if (typeof node !== 'object' || node === null) return node;
  const out: Json = {};
  for (const [key, value] of Object.entries(node)) {
    if (unknownToMongo.has(key)) continue;
    if (key === 'properties') {
      out.properties = Object.fromEntries(
        Object.entries(value as Json).map(([name, inner]) => [name, translate(inner)]),
      );
    } else if (key === 'type' && value === 'integer') {
      // JavaScript's integers from 2^31 on are doubles in BSON: say "a number without a fraction".
      Object.assign(out, { bsonType: 'number', multipleOf: 1 });
    } else if (key === 'type') {
      out.bsonType = value === 'boolean' ? 'bool' : value;
    } else if (key === 'const') {
      out.enum = [value];
    } else if (key === 'oneOf') {
      out.anyOf = translate(value); // the alternatives exclude each other by their literal `type`
    } else {
      out[key] = translate(value);
    }
  }
  return out;
}
