/** The figures of a chart as a table: for whoever does not see the chart, or wants the numbers. */
import { Table } from '@mantine/core';
import { useReader } from '../language';
import { words } from '../words';

interface Props {
  label: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

export function Figures({ label, head, rows }: Props) {
  const { say } = useReader();
  return (
    <details>
      <summary>{say(words.credit.asTable)}</summary>
      <Table aria-label={label} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {head.map((title, column) => (
              <Table.Th key={title} ta={column > 0 ? 'right' : 'left'}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row[0]}>
              {row.map((cell, column) => (
                <Table.Td key={column} ta={column > 0 ? 'right' : 'left'} className="figures">
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
