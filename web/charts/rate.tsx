/** Shipped on time, in percent of the orders completed in each month. */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { useReader } from '../language';
import { Empty } from '../parts';
import { words } from '../words';
import { axis, tooltip } from './axis';
import { Figures } from './figures';

const percent = (rate: number): string => `${String(rate)} %`;

export default function RateChart({ months }: Pick<CreditAnswer, 'months'>) {
  const { say, month, number } = useReader();
  const data = months
    .filter(({ orders }) => orders > 0)
    .map(({ month: at, onTime, orders }) => ({ month: month(at), rate: Math.round((onTime * 100) / orders), orders }));
  if (data.length === 0) return <Empty>{say(words.credit.noOrders)}</Empty>;
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden style={{ height: 220 }}>
        <ResponsiveContainer>
          <BarChart data={data} margin={{ left: 0, right: 8, top: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--ta-line)" vertical={false} />
            <XAxis dataKey="month" {...axis} minTickGap={16} />
            <YAxis domain={[0, 100]} {...axis} width={52} tickFormatter={percent} />
            <Tooltip
              {...tooltip}
              cursor={{ fill: 'var(--mantine-color-default-hover)' }}
              formatter={(value) => [percent(Number(value)), say(words.credit.onTime)]}
            />
            <Bar
              dataKey="rate"
              fill="var(--ta-part-1)"
              maxBarSize={40}
              radius={[3, 3, 0, 0]}
              isAnimationActive={false}
            />
          </BarChart>
        </ResponsiveContainer>
      </div>
      <Figures
        label={say(words.credit.onTime)}
        head={[say(words.credit.month), say(words.credit.onTime), say(words.nav.orders)]}
        rows={data.map(({ month: at, rate, orders }) => [at, percent(rate), number(orders)])}
      />
    </figure>
  );
}
