/** The credit limit at the end of each month; the same figures stand in a table. */
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { useReader } from '../language';
import { words } from '../words';
import { Figures } from './figures';

export default function LimitChart({ months }: Pick<CreditAnswer, 'months'>) {
  const { say, money } = useReader();
  const usd = (amount: number) => money({ amount: Math.round(amount * 100), currency: 'USD' });
  const data = months.map(({ month, limit }) => ({ month, limit: limit / 100 }));
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden style={{ height: 240 }}>
        <ResponsiveContainer>
          <AreaChart data={data} margin={{ left: 24, right: 8, top: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--ta-line)" vertical={false} />
            <XAxis dataKey="month" stroke="var(--mantine-color-dimmed)" fontSize={12} />
            <YAxis
              stroke="var(--mantine-color-dimmed)"
              fontSize={12}
              tickFormatter={(value: number) => value.toLocaleString('en')}
            />
            <Tooltip
              formatter={(value) => usd(Number(value))}
              contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--ta-line)' }}
            />
            <Area
              type="stepAfter"
              dataKey="limit"
              stroke="var(--mantine-color-blue-filled)"
              fill="var(--mantine-color-blue-light)"
              strokeWidth={2}
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
      <Figures
        label={say(words.credit.overTime)}
        head={[say(words.credit.month), say(words.nav.credit)]}
        rows={data.map(({ month, limit }) => [month, usd(limit)])}
      />
    </figure>
  );
}
