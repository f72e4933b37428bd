// What several dashboards show alike: scores in points with the limits of the bands, times, ages.

import { FieldColorModeId } from '@grafana/schema';
import { COLOURED, called, type Limit, type Override } from './panels';
import { BANDS, inWords, SEVERITIES, STATES, VISIT_KINDS, type Word } from './words';

/** Scores are ratios in Prometheus and points on the pages of vigila: here they are points too. */
export const POINTS = 'suffix: punti';
export const COUNT = 'none';

/** The limits of the bands (checklists/scoring.yaml); other criteria can lower a band further. */
export const SCORE_LIMITS: Limit[] = [
  { from: null, color: 'red', word: 'insufficiente' },
  { from: 60, color: 'orange', word: 'da migliorare' },
  { from: 75, color: 'light-green', word: 'adeguato' },
  { from: 90, color: 'green', word: 'buono' },
];

/** Below this coverage a visit says too little for a band. */
export const COVERAGE_LIMITS: Limit[] = [
  { from: null, color: 'red', word: 'troppo poco per una fascia' },
  { from: 0.8, color: 'orange', word: 'sufficiente' },
  { from: 0.9, color: 'green', word: 'buona' },
];

/** What should not be there at all. */
export const NONE_WANTED: Limit[] = [
  { from: null, color: 'green', word: 'nessuno' },
  { from: 1, color: 'red', word: 'da trattare' },
];

const coloured = (words: readonly Word[]) => ({
  mappings: inWords(words),
  'custom.cellOptions': COLOURED,
});

/** Columns of tables by what they hold. */
export const asBand = (name: string): Override => called(name, { ...coloured(BANDS), 'custom.width': 150 });
export const asSeverity = (name: string): Override => called(name, { ...coloured(SEVERITIES), 'custom.width': 90 });
export const asState = (name: string): Override => called(name, { ...coloured(STATES), 'custom.width': 150 });
export const asVisitKind = (name: string): Override => called(name, coloured(VISIT_KINDS));
export const asTime = (name: string): Override => called(name, { unit: 'dateTimeAsIso', 'custom.width': 160 });
export const asDay = (name: string): Override => called(name, { unit: 'time:YYYY-MM-DD', 'custom.width': 110 });
export const asAgo = (name: string): Override => called(name, { unit: 'dateTimeFromNow', 'custom.width': 150 });
export const asDays = (name: string): Override => called(name, { unit: 'suffix: giorni', decimals: 0 });
export const asCount = (name: string): Override => called(name, { unit: COUNT, decimals: 0 });
export const asScore = (name: string): Override =>
  called(name, {
    unit: POINTS,
    decimals: 1,
    thresholds: {
      mode: 'absolute',
      steps: SCORE_LIMITS.map(({ from, color }) => ({ color, value: from })),
    },
    'custom.cellOptions': COLOURED,
  });

/** Yes and no of SQL. */
export const asYesNo = (name: string): Override =>
  called(name, {
    mappings: inWords([
      { code: 'true', word: 'sì', color: 'orange' },
      { code: 'false', word: 'no', color: 'text' },
    ]),
  });

/** One series in one colour. */
export const inColour = (name: string, color: string): Override =>
  called(name, { color: { mode: FieldColorModeId.Fixed, fixedColor: color } });
