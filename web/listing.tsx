/** Rows under heads: a table, and on a narrow page a card for each row, where nothing must be scrolled sideways. */
import type { ReactNode } from 'react';
import { Card, Stack, Table } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Texts } from '../domain/vocabulary';
import { useReader } from './language';
import { Facts, WideTable } from './parts';

export interface Column<Row> {
  head: Texts;
  /** What a row has there; nothing where there is nothing to say. */
  cell: (row: Row) => ReactNode;
  /** Figures stand at the right. */
  isFigure?: boolean;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, place: number) => string;
}

export function Listing<Row>(props: Props<Row>) {
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  return isNarrow ? <Cards {...props} /> : <Wide {...props} />;
}

function Wide<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  const { say } = useReader();
  return (
    <WideTable label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ head, isFigure }) => (
            <Table.Th key={head.en} ta={isFigure ? 'right' : 'left'}>
              {say(head)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row, place) => (
          <Table.Tr key={keyOf(row, place)}>
            {columns.map(({ head, cell, isFigure }) => (
              <Table.Td key={head.en} ta={isFigure ? 'right' : 'left'}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function Cards<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  return (
    <Stack gap="xs" component="ul" p={0} m={0} aria-label={label} className="plain-list listing">
      {rows.map((row, place) => (
        <Card key={keyOf(row, place)} withBorder component="li" padding="sm">
          <Facts
            of={columns.map(({ head, cell }) => {
              const said = cell(row);
              return said !== undefined && said !== null && said !== false && said !== '' && [head, said];
            })}
          />
        </Card>
      ))}
    </Stack>
  );
}
