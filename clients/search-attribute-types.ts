/** The search attributes of orders with their types, as Temporal's operator service takes and lists them. */
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../workflows/search-attributes';

const { IndexedValueType } = temporal.api.enums.v1;

export const searchAttributeTypes = () =>
  Object.fromEntries(
    Object.entries(searchAttributes).map(([name, { type }]) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]),
  );
