/** How many orders stand at each status. */
import { Bar, BarChart, LabelList, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { FunnelAnswer } from '../../clients/http/portal/answers';
import { statusWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { words } from '../words';
import { Figures } from './figures';

export default function FunnelChart({ statuses }: FunnelAnswer) {
  const { say, number } = useReader();
  const data = statuses.map(({ status, count }) => ({ status: say(statusWords[status]), count }));
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden style={{ height: Math.max(160, data.length * 34) }}>
        <ResponsiveContainer>
          <BarChart data={data} layout="vertical" margin={{ left: 8, right: 48 }} accessibilityLayer={false}>
            <XAxis type="number" hide />
            <YAxis
              type="category"
              dataKey="status"
              width={200}
              stroke="var(--mantine-color-text)"
              fontSize={13}
              axisLine={false}
              tickLine={false}
            />
            <Bar
              dataKey="count"
              fill="var(--mantine-color-blue-filled)"
              maxBarSize={22}
              radius={3}
              isAnimationActive={false}
            >
              <LabelList dataKey="count" position="right" fill="var(--mantine-color-text)" fontSize={13} />
            </Bar>
          </BarChart>
        </ResponsiveContainer>
      </div>
      <Figures
        label={say(words.desk.funnel)}
        head={[say(words.list.status), say(words.nav.orders)]}
        rows={data.map(({ status, count }) => [status, number(count)])}
      />
    </figure>
  );
}
