import { cpuMsOf, cpuMsOfPs, cpuMsOfStat } from '../../bench/cpu';
import { drafts } from '../../bench/drafts';
import { median, percentile, round, table } from '../../bench/figures';
import { together, typeOf } from '../../bench/history';
import { marksUpTo } from '../../bench/revisions';
import { inLanes } from '../../bench/timed';

describe('Figures of the bench', () => {
  it.each([
    [[5, 1, 3], 50, 3],
    [[4, 1, 3, 2], 50, 2],
    [[1, 2, 3, 4], 99, 4],
    [[7], 1, 7],
    [[], 50, NaN],
  ])('percentile of %j at %i is %f', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[1], 1],
    [[], NaN],
  ])('median of %j is %f', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('rounds to two digits unless told', () => {
    expect([round(1.23456), round(1.25, 1), round(2)]).toEqual([1.23, 1.3, 2]);
  });

  it('aligns a table', () => {
    expect(
      table([
        ['', 'ms'],
        ['one', '1.5'],
        ['three', '10'],
      ]),
    ).toBe('        ms\none    1.5\nthree   10');
  });
});

describe('CPU clocks', () => {
  it('reads /proc/<pid>/stat, whatever the process is called', () => {
    const line =
      '42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 123 45 0 0 20 0 11 0 5000 1000 200 18446744073709551615';
    expect(cpuMsOfStat(line)).toBe(1680);
  });

  it.each([
    ['0:01.23\n', 1230],
    ['00:00:05', 5000],
    ['01:02:03', 3_723_000],
    ['2-00:00:01', 172_801_000],
  ])('reads %j of ps', (text, ms) => {
    expect(cpuMsOfPs(text)).toBe(ms);
  });

  it('tells what this process has used', () => {
    expect(cpuMsOf(process.pid)).toBeGreaterThan(0);
  });
});

describe('What the bench plays', () => {
  it('has several suppliers, each with an order that may be drafted', () => {
    const all = drafts();
    expect(new Set(all.map(({ supplier }) => supplier)).size).toBeGreaterThan(5);
    expect(new Set(all.map(({ buyer }) => buyer)).size).toBeGreaterThan(3);
  });

  it('looks at an order four times on its way', () => {
    expect(marksUpTo(1000)).toEqual([250, 500, 750, 1000]);
    expect(marksUpTo(60)).toEqual([40, 45, 60]);
  });

  it('names events as people do', () => {
    expect(typeOf('EVENT_TYPE_WORKFLOW_TASK_STARTED')).toBe('WorkflowTaskStarted');
  });
});

describe('Histories of an order of several workflows', () => {
  it('are added up, type by type', () => {
    const one = { events: 3, bytes: 10, byType: { TimerStarted: 1, MarkerRecorded: 2 } };
    const other = { events: 2, bytes: 5, byType: { MarkerRecorded: 1, TimerFired: 1 } };
    expect(together([one, other])).toEqual({
      events: 5,
      bytes: 15,
      byType: { TimerStarted: 1, MarkerRecorded: 3, TimerFired: 1 },
    });
  });
});

describe('Work in lanes', () => {
  it('does each piece once, never more at once than there are lanes', async () => {
    const done: number[] = [];
    let [underWay, most] = [0, 0];
    await inLanes(7, 3, async (n) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      done.push(n);
      underWay -= 1;
    });
    expect(done.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });
});
