/** What of the limit each guaranteed order takes: a bar as long as the limit, and its parts by name (R2). */
import { Box, Group, Table } from '@mantine/core';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { useReader } from '../language';
import { Money, OrderLink, StatusBadge } from '../parts';
import { words } from '../words';

/** Most orders that have a colour of their own; the rest share one. */
const mostColours = 8;
const colourOf = (place: number): string => `var(--ta-part-${place < mostColours ? String(place) : 'rest'})`;

export function Exposure({ exposure, limit }: Pick<CreditAnswer, 'exposure' | 'limit'>) {
  const { say, money } = useReader();
  const sorted = exposure.toSorted((a, b) => b.cover.amount - a.cover.amount);
  const sum = sorted.reduce((total, { cover }) => total + cover.amount, 0);
  const whole = Math.max(1, limit.limit.amount, sum);
  const share = (amount: number) => `${String((amount * 100) / whole)}%`;
  return (
    <>
      <div className="bar whole" aria-hidden>
        {sorted.map(({ order, cover }, place) => (
          <span
            key={order}
            className="part"
            title={`${order} · ${money(cover)}`}
            style={{ width: share(cover.amount), background: colourOf(place) }}
          />
        ))}
        {sum > limit.limit.amount && <span className="mark" style={{ left: share(limit.limit.amount) }} />}
      </div>
      <Table mt="sm">
        <Table.Tbody>
          {sorted.map(({ order, cover, status }, place) => (
            <Table.Tr key={order}>
              <Table.Td>
                <Group gap="xs">
                  <Group gap="xs" wrap="nowrap">
                    <span className="swatch" aria-hidden style={{ background: colourOf(place) }} />
                    <OrderLink id={order} size="sm" className="figures" />
                  </Group>
                  <StatusBadge status={status} />
                  <Box ml="auto">
                    <Money of={cover} />
                  </Box>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>
              <Group gap="xs" justify="space-between">
                {say(words.credit.limitLine(money(limit.limit)))}
                <Money of={{ amount: sum, currency: limit.limit.currency }} />
              </Group>
            </Table.Th>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </>
  );
}
