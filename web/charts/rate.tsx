/** Shipped on time, in percent of the orders completed in each month. */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { useReader } from '../language';
import { Empty } from '../parts';
import { words } from '../words';
import { Figures } from './figures';

export default function RateChart({ months }: Pick<CreditAnswer, 'months'>) {
  const { say } = useReader();
  const data = months
    .filter(({ orders }) => orders > 0)
    .map(({ month, onTime, orders }) => ({ month, rate: Math.round((onTime * 100) / orders), orders }));
  if (data.length === 0) return <Empty>{say(words.credit.noOrders)}</Empty>;
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden style={{ height: 220 }}>
        <ResponsiveContainer>
          <BarChart data={data} margin={{ left: 0, right: 8, top: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--ta-line)" vertical={false} />
            <XAxis dataKey="month" stroke="var(--mantine-color-dimmed)" fontSize={12} />
            <YAxis domain={[0, 100]} unit="%" stroke="var(--mantine-color-dimmed)" fontSize={12} />
            <Tooltip
              formatter={(value) => `${String(value)} %`}
              contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--ta-line)' }}
            />
            <Bar dataKey="rate" fill="var(--mantine-color-teal-filled)" maxBarSize={40} isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
      <Figures
        label={say(words.credit.onTime)}
        head={[say(words.credit.month), say(words.credit.onTime), say(words.nav.orders)]}
        rows={data.map(({ month, rate, orders }) => [month, `${String(rate)} %`, String(orders)])}
      />
    </figure>
  );
}
