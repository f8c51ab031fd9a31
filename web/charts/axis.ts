/** How charts draw their axes and what is told beside the pointer: in the page's own colours, light and dark. */
export const axis = { stroke: 'var(--mantine-color-dimmed)', fontSize: 12, tickLine: false } as const;

export const tooltip = {
  contentStyle: {
    background: 'var(--mantine-color-body)',
    border: '1px solid var(--ta-line)',
    borderRadius: 8,
    color: 'var(--mantine-color-text)',
  },
  itemStyle: { color: 'var(--mantine-color-text)' },
} as const;
