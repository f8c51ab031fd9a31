/** The credit limit at the end of each month; the same figures stand in a table. */
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { useReader } from '../language';
import { words } from '../words';
import { axis, tooltip } from './axis';
import { Figures } from './figures';

export default function LimitChart({ months }: Pick<CreditAnswer, 'months'>) {
  const { say, money, month, number } = useReader();
  const usd = (amount: number) => money({ amount: Math.round(amount * 100), currency: 'USD' });
  const data = months.map(({ month: at, limit }) => ({ month: month(at), limit: limit / 100 }));
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden style={{ height: 240 }}>
        <ResponsiveContainer>
          <AreaChart data={data} margin={{ left: 0, right: 16, top: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--ta-line)" vertical={false} />
            <XAxis dataKey="month" {...axis} minTickGap={16} />
            <YAxis {...axis} width={64} tickFormatter={(value: number) => number(value)} />
            <Tooltip {...tooltip} formatter={(value) => [usd(Number(value)), say(words.nav.credit)]} />
            <Area
              type="linear"
              dataKey="limit"
              stroke="var(--ta-part-0)"
              fill="var(--ta-part-0)"
              fillOpacity={0.15}
              strokeWidth={2}
              dot={{ r: 3, fill: 'var(--ta-part-0)', fillOpacity: 1 }}
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
      <Figures
        label={say(words.credit.overTime)}
        head={[say(words.credit.month), say(words.nav.credit)]}
        rows={data.map(({ month: at, limit }) => [at, usd(limit)])}
      />
    </figure>
  );
}
