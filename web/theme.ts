/** Colours and shapes: Mantine's, darkened or lightened where its own would not reach the contrast of WCAG AA. */
import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 9, dark: 8 },
  defaultRadius: 'md',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  headings: { fontWeight: '600' },
  respectReducedMotion: true,
});

const colours = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'indigo', 'violet', 'grape'];
/** Parts of a bar, and lines of a chart: told apart from each other, and from the ground. */
const parts = ['blue', 'teal', 'violet', 'orange', 'cyan', 'grape', 'indigo', 'green'];
const partColours = (shade: number): Record<string, string> => ({
  ...Object.fromEntries(
    parts.map((name, place) => [`--ta-part-${String(place)}`, `var(--mantine-color-${name}-${String(shade)})`]),
  ),
  '--ta-part-rest': `var(--mantine-color-gray-${String(shade)})`,
});
/** Text on the light background of its colour, as badges and alerts have it. */
const onLight = (shade: number) =>
  Object.fromEntries(
    colours.map((name) => [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-${String(shade)})`]),
  );

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...onLight(9),
    ...partColours(8),
    // Dark enough on its hovered ground, too.
    '--mantine-color-blue-light-color': '#0f4c81',
    '--mantine-color-orange-light-color': '#a33b00',
    '--mantine-color-yellow-light-color': '#8a4b00',
    '--mantine-color-green-light-color': '#1f6b2e',
    '--mantine-color-teal-light-color': '#066649',
    '--mantine-color-cyan-light-color': '#0a5c6b',
    '--mantine-color-dimmed': '#565e66',
    '--mantine-color-placeholder': '#6b747c',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': '#1864ab',
    '--ta-page': '#f4f6f8',
    '--ta-line': '#dfe3e8',
  },
  dark: {
    ...onLight(2),
    ...partColours(5),
    '--mantine-color-dimmed': '#b3b8be',
    '--mantine-color-placeholder': '#9aa0a6',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#74c0fc',
    '--ta-page': '#141517',
    '--ta-line': '#373a40',
  },
});
