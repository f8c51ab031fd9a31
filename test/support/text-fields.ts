/** The fields of every collection that can hold a text of somebody's choice, as paths: `members.contact.email`, `orders.events[].reason`. */
import { z } from 'zod';
import { collections } from '../../store/collections';

interface Node {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  properties?: Record<string, Node>;
  items?: Node | boolean;
  prefixItems?: Node[];
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
}

export function textFields(): string[] {
  const found = new Set<string>();
  for (const [name, { form }] of Object.entries(collections)) {
    const schema = z.toJSONSchema(form as z.ZodType, { unrepresentable: 'any', io: 'output' }) as Node;
    collect(schema, name, found);
  }
  return [...found].sort();
}

function collect(node: Node, path: string, found: Set<string>): void {
  for (const one of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]) collect(one, path, found);
  for (const [name, below] of Object.entries(node.properties ?? {})) collect(below, `${path}.${name}`, found);
  for (const one of node.prefixItems ?? []) collect(one, `${path}[]`, found);
  if (typeof node.items === 'object') collect(node.items, `${path}[]`, found);
  if (typeof node.additionalProperties === 'object') collect(node.additionalProperties, `${path}.*`, found);
  const isOpen = Object.keys(node).length === 0;
  const isText = node.type === 'string' && node.enum === undefined && node.const === undefined;
  // What is an instant, a date or a hash has a form that holds no name.
  if (isOpen || (isText && !/date|time/.test(node.format ?? '') && !/\[0-9a-f\]|\\d\{4\}/.test(node.pattern ?? '')))
    found.add(path);
}
