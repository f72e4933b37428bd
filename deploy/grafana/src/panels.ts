// Panels of the kinds that the dashboards use, with what Grafana wants spelt out.

import {
  AxisPlacement,
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  FieldColorModeId,
  GraphDrawStyle,
  LegendDisplayMode,
  LineInterpolation,
  PercentChangeColorMode,
  SortOrder,
  StackingMode,
  TableCellHeight,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
  type DataTransformerConfig,
  type FieldConfig,
  type GraphFieldConfig,
  type Panel,
  type ThresholdsConfig,
  type ValueMapping,
} from '@grafana/schema';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { lettered, type Query } from './queries';
import type { Word } from './words';

/** A panel that has no place and number yet; `layout` gives them. */
export interface Unplaced {
  panel: Omit<Panel, 'id' | 'gridPos'>;
  width: number;
  height: number;
}

/** What every panel says. */
export interface Said {
  title: string;
  /** For people who do not know Grafana: what is seen, and what to make of it. */
  description: string;
  /** Of Grafana (`percentunit`, `s`, `bytes`), or `suffix: WORD`. */
  unit: string;
  width: number;
  height: number;
  queries: Omit<Query, 'refId'>[];
  decimals?: number;
  limits?: Limit[];
  mappings?: ValueMapping[];
  overrides?: Override[];
  transformations?: DataTransformerConfig[];
  /** What is shown where there is nothing. */
  none?: string;
  min?: number;
  max?: number;
}

/** From a value on, a colour and the word for it. */
export interface Limit {
  from: number | null;
  color: string;
  word: string;
}

/** Settings of one column or series. */
export interface Override {
  matcher: { id: string; options: unknown };
  properties: { id: string; value: unknown }[];
}

/** Settings of the column or series of this name. */
export function called(name: string, properties: Record<string, unknown>): Override {
  return {
    matcher: { id: 'byName', options: name },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}

/** Series whose names are codes get the word and the colour for them. */
export function named(words: readonly Word[]): Override[] {
  return words.map(({ code, word, color }) =>
    called(code, { displayName: word, color: { mode: FieldColorModeId.Fixed, fixedColor: color } }),
  );
}

function thresholds(limits: Limit[] | undefined): ThresholdsConfig {
  const steps = (limits ?? [{ from: null, color: 'text' }]).map(({ from, color }) => ({ color, value: from }));
  return { mode: ThresholdsMode.Absolute, steps };
}

/** The description tells what the colours mean, for who does not see them or is new. */
function description({ description, limits, decimals, unit }: Said): string {
  if (limits === undefined) return description;
  const number = (value: number): string => {
    const shown = unit === 'percentunit' ? `${+(value * 100).toFixed(1)} %` : value.toFixed(decimals ?? 0);
    return shown.replace('.', ',') + (unit.startsWith('suffix:') ? unit.slice(7) : '');
  };
  const words = limits.map(({ from, word }) => (from === null ? word : `da ${number(from)} ${word}`));
  return `${description} Colori: ${words.join(', ')}.`;
}

function base(type: string, said: Said, color: FieldColorModeId, custom: Record<string, unknown>) {
  const defaults: FieldConfig = {
    unit: said.unit,
    color: { mode: color },
    thresholds: thresholds(said.limits),
    mappings: said.mappings ?? [],
    noValue: said.none ?? 'nessun dato',
    custom,
  };
  if (said.decimals !== undefined) defaults.decimals = said.decimals;
  if (said.min !== undefined) defaults.min = said.min;
  if (said.max !== undefined) defaults.max = said.max;
  const sources = new Set(said.queries.map((query) => JSON.stringify(query.datasource)));
  const [source] = sources;
  if (sources.size !== 1 || source === undefined) throw new Error(`${said.title}: one data source a panel`);
  return {
    type,
    title: said.title,
    description: description(said),
    datasource: JSON.parse(source),
    targets: lettered(said.queries).map((query) => ({ ...query })),
    fieldConfig: { defaults, overrides: said.overrides ?? [] },
    ...(said.transformations === undefined ? {} : { transformations: said.transformations }),
  };
}

const ONE_VALUE = { calcs: ['lastNotNull'], fields: '', values: false };

/** A large number, or a word: with `name`, the name of the series. */
export function stat(said: Said, shows: 'value' | 'name' = 'value'): Unplaced {
  const options: StatOptions = {
    reduceOptions: ONE_VALUE,
    orientation: VizOrientation.Auto,
    colorMode: BigValueColorMode.Value,
    graphMode: BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    showPercentChange: false,
    textMode: shows === 'name' ? BigValueTextMode.Name : BigValueTextMode.Value,
    wideLayout: true,
  };
  const color = shows === 'name' ? FieldColorModeId.Fixed : FieldColorModeId.Thresholds;
  return placed(said, { ...base('stat', said, color, {}), options: { ...options } });
}

/** A bar for each series, with its name and its number. */
export function bars(said: Said, color = FieldColorModeId.Thresholds): Unplaced {
  const options: BarGaugeOptions = {
    reduceOptions: ONE_VALUE,
    orientation: VizOrientation.Horizontal,
    displayMode: BarGaugeDisplayMode.Basic,
    namePlacement: BarGaugeNamePlacement.Left,
    sizing: BarGaugeSizing.Auto,
    valueMode: BarGaugeValueMode.Text,
    showUnfilled: true,
    minVizHeight: 16,
    minVizWidth: 8,
    maxVizHeight: 300,
    legend: { showLegend: false, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] },
  };
  return placed(said, { ...base('bargauge', said, color, {}), options: { ...options } });
}

/** How the points of a course are drawn. */
export type Drawing = 'lines' | 'steps' | 'stacked' | 'bars' | 'points';

const DRAWINGS: Record<Drawing, GraphFieldConfig> = {
  lines: { lineInterpolation: LineInterpolation.Linear, fillOpacity: 0 },
  steps: { lineInterpolation: LineInterpolation.StepAfter, fillOpacity: 0 },
  stacked: {
    lineInterpolation: LineInterpolation.StepAfter,
    fillOpacity: 60,
    stacking: { mode: StackingMode.Normal, group: 'A' },
  },
  bars: {
    drawStyle: GraphDrawStyle.Bars,
    fillOpacity: 80,
    stacking: { mode: StackingMode.Normal, group: 'A' },
  },
  points: { drawStyle: GraphDrawStyle.Points, pointSize: 9 },
};

/** A course over time. */
export function graph(said: Said, drawing: Drawing = 'lines'): Unplaced {
  const options: TimeSeriesOptions = {
    legend: { showLegend: true, displayMode: LegendDisplayMode.Table, placement: 'bottom', calcs: ['lastNotNull'] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  const field: GraphFieldConfig = {
    drawStyle: GraphDrawStyle.Line,
    lineWidth: 2,
    showPoints: drawing === 'points' ? VisibilityMode.Always : VisibilityMode.Auto,
    // Visits are weeks apart, and values from history a day.
    spanNulls: true,
    axisPlacement: AxisPlacement.Auto,
    ...DRAWINGS[drawing],
  };
  const panel = base('timeseries', said, FieldColorModeId.PaletteClassicByName, { ...field });
  return placed(said, { ...panel, options: { ...options } });
}

/** Rows and columns. */
export function table(said: Said, sortBy?: { column: string; descending: boolean }): Unplaced {
  const options: TableOptions = {
    frameIndex: 0,
    showHeader: true,
    cellHeight: TableCellHeight.Sm,
    enablePagination: true,
    ...(sortBy === undefined ? {} : { sortBy: [{ displayName: sortBy.column, desc: sortBy.descending }] }),
  };
  const panel = base('table', said, FieldColorModeId.Thresholds, { align: 'auto', filterable: true });
  return placed(said, { ...panel, options: { ...options } });
}

function placed(said: Said, panel: Unplaced['panel']): Unplaced {
  return { panel, width: said.width, height: said.height };
}

/** Colours the text of cells by their words or limits. */
export const COLOURED = { type: 'color-text' };

/** Hides columns, orders the others and gives them names. */
export function columns(shown: [field: string, name: string][], hidden: string[]): DataTransformerConfig {
  return {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(hidden.map((field) => [field, true])),
      indexByName: Object.fromEntries(shown.map(([field], index) => [field, index])),
      renameByName: Object.fromEntries(shown),
    },
  };
}

/** Lays the tables of several queries side by side, a row for each centre. */
export const MERGED: DataTransformerConfig = { id: 'merge', options: {} };
