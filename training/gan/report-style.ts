/** The looks of a run's report: those of the Worker's page, in light and in dark. */

export const REPORT_STYLE = `\
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf9f5, #131412);
  --ink: light-dark(#1b1c19, #ecebe4);
  --faint: light-dark(#5d5f57, #a5a79d);
  --line: light-dark(#dcdad0, #34362f);
  --mint: light-dark(#0a6e4d, #5fe0ac);
  --plum: light-dark(#8d3a7e, #e59ad6);
}
* { box-sizing: border-box; }
body {
  max-width: 1032px;
  margin: 0 auto;
  padding: 0 16px 3rem;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
h1 { margin: 1.5rem 0 0; color: var(--mint); font-size: 2rem; letter-spacing: -0.02em; }
h2 { margin: 0 0 0.75rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; }
section { margin-top: 2rem; }
p { margin: 0.25rem 0; }
figure { margin: 0; }
.note, figcaption p, .previews figcaption, dt { color: var(--faint); font-size: 0.875rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 2rem; }
figcaption p span::before { content: '— '; font-weight: 700; }
figcaption p span { margin-right: 1rem; white-space: nowrap; }
figcaption p b { margin-left: 0.5em; color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; }
svg line { stroke: var(--line); }
svg text { fill: var(--faint); font-size: 11px; font-variant-numeric: tabular-nums; }
svg polyline { fill: none; stroke-width: 1.75; stroke-linejoin: round; }
.series-1 { --series: var(--mint); }
.series-2 { --series: var(--plum); }
figcaption span::before { color: var(--series); }
svg polyline { stroke: var(--series); }
svg circle { fill: var(--series); }
.previews { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 280px), 1fr)); gap: 1.25rem; }
.previews img { display: block; width: 100%; border-radius: 4px; image-rendering: pixelated; }
.previews figcaption { margin-top: 0.25rem; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 0 2rem; margin: 0; }
dl div { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--line); padding: 0.25rem 0; }
dd { margin: 0; overflow-wrap: anywhere; text-align: right; font-family: ui-monospace, monospace; font-size: 0.875rem; }
`;
