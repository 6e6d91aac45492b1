/** The colours of a chart, for a light and for a dark page: the viewer's browser chooses. */
const STYLE = `
  .page { fill: #ffffff } .ink { fill: #1f2328 } .soft { fill: #59636e } .rule { stroke: #d1d9e0 }
  .ours { fill: #0969da } .other { fill: #afb8c1 } .ours-line { stroke: #0969da; fill: none } .bad { fill: #cf222e }
  .line-1 { stroke: #0969da; fill: none } .line-2 { stroke: #bf8700; fill: none } .line-3 { stroke: #8250df; fill: none }
  .line-4 { stroke: #1a7f37; fill: none }
  .mark-1 { fill: #0969da } .mark-2 { fill: #9a6700 } .mark-3 { fill: #8250df } .mark-4 { fill: #1a7f37 }
  text { font: 12px -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
  .strong { font-weight: 600 } .title { font-size: 15px; font-weight: 600 } .small { font-size: 11px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .ink { fill: #e6edf3 } .soft { fill: #9198a1 } .rule { stroke: #3d444d }
    .ours { fill: #4493f8 } .other { fill: #545d68 } .ours-line { stroke: #4493f8 } .bad { fill: #f85149 }
    .line-1 { stroke: #4493f8 } .line-2 { stroke: #d29922 } .line-3 { stroke: #ab7df8 } .line-4 { stroke: #3fb950 }
    .mark-1 { fill: #4493f8 } .mark-2 { fill: #d29922 } .mark-3 { fill: #ab7df8 } .mark-4 { fill: #3fb950 }
  }`;

export interface Picture {
  width: number;
  height: number;
  /** What the picture shows, for those who cannot see it. */
  title: string;
  parts: readonly string[];
}

/** A picture that follows the viewer's colour scheme. */
export function svg({ width, height, title, parts }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${width}" height="${height}" />`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

export interface TextOptions {
  /** Default `ink`. */
  style?: string;
  anchor?: "start" | "middle" | "end";
}

export function text(
  x: number,
  y: number,
  words: string,
  { style = "ink", anchor = "start" }: TextOptions = {},
): string {
  return `<text x="${decimal(x)}" y="${decimal(y)}" class="${style}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

export function bar(x: number, y: number, width: number, style: string): string {
  return `<rect x="${decimal(x)}" y="${decimal(y)}" width="${decimal(width)}" height="12" rx="2" class="${style}" />`;
}

export function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${decimal(x1)}" y1="${decimal(y1)}" x2="${decimal(x2)}" y2="${decimal(y2)}" class="rule" />`;
}

export function line(points: readonly (readonly [number, number])[], style: string): string {
  return `<polyline points="${points.map(([x, y]) => `${decimal(x)},${decimal(y)}`).join(" ")}" class="${style}" stroke-width="2" />`;
}

function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
