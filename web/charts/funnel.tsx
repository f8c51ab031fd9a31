/** How many orders stand at each status: a table whose figures are bars, too, each the way to those orders. */
import { Table } from '@mantine/core';
import { Link } from 'wouter';
import type { FunnelAnswer } from '../../clients/http/portal/answers';
import { statusWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { words } from '../words';

export function Funnel({ statuses }: FunnelAnswer) {
  const { say, number } = useReader();
  const most = Math.max(1, ...statuses.map(({ count }) => count));
  return (
    <Table className="funnel" withRowBorders={false} verticalSpacing={4} aria-label={say(words.desk.funnel)}>
      <Table.Tbody>
        {statuses.map(({ status, count }) => (
          <Table.Tr key={status}>
            <Table.Th scope="row">
              <Link href={`/orders?status=${status}`}>{say(statusWords[status])}</Link>
            </Table.Th>
            <Table.Td>
              <div className="bar">
                <span className="part" aria-hidden style={{ width: `${String((count * 100) / most)}%` }} />
                <span className="figures">{number(count)}</span>
              </div>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
