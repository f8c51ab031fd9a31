/** What of the limit each guaranteed order takes, one after the other, and where the limit is (R2). */
import { Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { CreditAnswer } from '../../clients/http/portal/answers';
import { useReader } from '../language';
import { words } from '../words';

/** Most orders that are told apart in the bar; the rest are one part. */
const mostParts = 8;
const colours = ['blue', 'teal', 'violet', 'orange', 'cyan', 'grape', 'indigo', 'green'];

export default function ExposureChart({ exposure, limit }: Pick<CreditAnswer, 'exposure' | 'limit'>) {
  const { say, money } = useReader();
  const usd = (amount: number) => money({ amount: Math.round(amount * 100), currency: 'USD' });
  const sorted = exposure.toSorted((a, b) => b.cover.amount - a.cover.amount);
  const rest = sorted.slice(mostParts).reduce((sum, { cover }) => sum + cover.amount, 0);
  const parts = [
    ...sorted.slice(0, mostParts).map(({ order, cover }) => ({ name: order, amount: cover.amount / 100 })),
    ...(rest > 0 ? [{ name: say(words.credit.otherOrders), amount: rest / 100 }] : []),
  ];
  const top = limit.limit.amount / 100;
  const sum = parts.reduce((total, { amount }) => total + amount, 0);
  const bar = {
    name: say(words.credit.inUse),
    ...Object.fromEntries(parts.map(({ amount }, i) => [`p${String(i)}`, amount])),
  };
  return (
    <div aria-hidden style={{ height: 150 }}>
      <ResponsiveContainer>
        <BarChart data={[bar]} layout="vertical" margin={{ left: 8, right: 24, top: 24 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--ta-line)" horizontal={false} />
          <XAxis
            type="number"
            domain={[0, Math.max(top, sum) * 1.05]}
            stroke="var(--mantine-color-dimmed)"
            fontSize={12}
            tickFormatter={(value: number) => Math.round(value).toLocaleString('en')}
          />
          <YAxis type="category" dataKey="name" width={70} stroke="var(--mantine-color-dimmed)" fontSize={12} />
          <Tooltip
            shared={false}
            formatter={(value) => usd(Number(value))}
            cursor={false}
            contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--ta-line)' }}
          />
          {parts.map(({ name }, i) => (
            <Bar
              key={name}
              dataKey={`p${String(i)}`}
              name={name}
              stackId="cover"
              maxBarSize={36}
              fill={`var(--mantine-color-${colours[i] ?? 'gray'}-filled)`}
              isAnimationActive={false}
            />
          ))}
          <ReferenceLine
            x={top}
            stroke="var(--mantine-color-error)"
            strokeWidth={2}
            label={{
              value: say(words.credit.limitLine(usd(top))),
              position: 'top',
              fill: 'var(--mantine-color-text)',
              fontSize: 12,
            }}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
