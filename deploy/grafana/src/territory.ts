// «Qualità del territorio»: how the centres of one or several provinces stand, and where to look.

import { dashboard, PUBLIC_URL, SOURCES, TERRITORY, type Section } from './dashboard';
import { COUNT, NONE_WANTED, POINTS, SCORE_LIMITS } from './measures';
import { bars, called, graph, named, stat } from './panels';
import { CENTRES, CHOSEN, CHOSEN_SQL, course, daily, present, sql, today } from './queries';
import { FINDINGS, WHERE } from './territory-tables';
import { AGES, BANDS, DIMENSIONS } from './words';

const dimensions = DIMENSIONS.map(({ code, word }) => called(code, { displayName: word }));
const score = `100 * ${today('vigila_facility_score_ratio', CENTRES, CHOSEN)}`;
const band = (code: string): string =>
  today('vigila_facility_band_info', CENTRES, `${CHOSEN}, band="${code}"`);
const findings = (metric: string, matchers: string): string =>
  `sum(${today(metric, 'territory, severity', matchers)})`;

const small = { width: 4, height: 4, unit: COUNT, decimals: 0 };

const NOW: Section = {
  title: 'Oggi',
  panels: [
    stat({
      ...small,
      title: 'Centri',
      description: 'I centri attivi dei territori scelti in alto.',
      queries: [present(`count(${today('vigila_facility_band_info', CENTRES, CHOSEN)})`)],
    }),
    stat({
      ...small,
      title: 'In fascia critica',
      description:
        'Centri in cui almeno una voce critica non è in regola: l’ultima visita che l’ha guardata l’ha trovata così.',
      queries: [present(`count(${band('critical')}) or vector(0)`)],
      limits: NONE_WANTED,
    }),
    stat({
      ...small,
      title: 'Mai visitati',
      description: 'Centri attivi che nessuna visita ha ancora raggiunto: di loro non si sa nulla.',
      queries: [present(`count(${band('never_inspected')}) or vector(0)`)],
      limits: NONE_WANTED,
    }),
    stat({
      ...small,
      title: 'Punteggio medio',
      description: 'La media dei punteggi dei centri, ognuno con lo stesso peso; da 0 a 100.',
      unit: POINTS,
      decimals: 1,
      queries: [present(`avg(${score})`)],
      limits: SCORE_LIMITS,
    }),
    stat({
      ...small,
      title: 'Non conformità critiche',
      description: 'Non conformità critiche non ancora chiuse dall’ufficio.',
      queries: [present(`${findings('vigila_findings_open', `${CHOSEN}, severity="critical"`)} or vector(0)`)],
      limits: NONE_WANTED,
    }),
    stat({
      ...small,
      title: 'Non conformità scadute',
      description:
        'Non conformità il cui termine è passato. Non conta quelle che una visita successiva ha trovato in regola e che l’ufficio deve solo chiudere.',
      queries: [present(`${findings('vigila_findings_overdue', CHOSEN)} or vector(0)`)],
      limits: NONE_WANTED,
    }),
    bars({
      title: 'Centri per fascia',
      description: 'Quanti centri stanno in ogni fascia, dalla più grave alla migliore.',
      unit: COUNT,
      decimals: 0,
      width: 8,
      height: 9,
      min: 0,
      queries: BANDS.map(({ code, word }) => present(`count(${band(code)}) or vector(0)`, word)),
      overrides: named(BANDS.map(({ word, color }) => ({ code: word, word, color }))),
    }),
    bars({
      title: 'Punteggio per dimensione',
      description: 'La media dei centri in ogni dimensione della qualità, dalla più debole; da 0 a 100.',
      unit: POINTS,
      decimals: 1,
      width: 8,
      height: 9,
      min: 0,
      max: 100,
      limits: SCORE_LIMITS,
      queries: [
        present(
          `sort(100 * avg by (dimension) (${today('vigila_facility_dimension_score_ratio', `${CENTRES}, dimension`, CHOSEN)}))`,
          '{{dimension}}',
        ),
      ],
      overrides: dimensions,
    }),
    bars({
      title: 'Non conformità aperte per età',
      description: 'Da quanto tempo sono aperte le non conformità che l’ufficio non ha ancora chiuso.',
      unit: COUNT,
      decimals: 0,
      width: 8,
      height: 9,
      min: 0,
      queries: AGES.map(({ code, word }) =>
        present(
          `sum(${today('vigila_findings_by_age', 'territory, severity, age', `${CHOSEN}, age="${code}"`)}) or vector(0)`,
          word,
        ),
      ),
      overrides: named(AGES.map(({ word, color }) => ({ code: word, word, color }))),
    }),
  ],
};

const COURSE: Section = {
  title: 'Andamento',
  panels: [
    graph({
      title: 'Punteggio del territorio',
      description:
        'Giorno per giorno: la media dei centri, il centro mediano e il peggiore. I giorni prima dell’installazione ci sono se la storia è stata caricata.',
      unit: POINTS,
      decimals: 1,
      width: 12,
      height: 9,
      min: 0,
      max: 100,
      queries: [
        course(`100 * avg(${daily('vigila_facility_score_ratio', CENTRES, CHOSEN)})`, 'Media', '1h'),
        course(`100 * quantile(0.5, ${daily('vigila_facility_score_ratio', CENTRES, CHOSEN)})`, 'Mediana', '1h'),
        course(`100 * min(${daily('vigila_facility_score_ratio', CENTRES, CHOSEN)})`, 'Il peggiore', '1h'),
      ],
    }),
    graph(
      {
        title: 'Centri per fascia nel tempo',
        description:
          'Quanti centri stavano in ogni fascia, giorno per giorno. I giorni prima dell’installazione ci sono se la storia è stata caricata.',
        unit: COUNT,
        decimals: 0,
        width: 12,
        height: 9,
        min: 0,
        queries: [
          course(`count by (band) (${daily('vigila_facility_band_info', `${CENTRES}, band`, CHOSEN, CENTRES)})`, '{{band}}', '1h'),
        ],
        overrides: named(BANDS),
      },
      'stacked',
    ),
    graph({
      title: 'Punteggi per data della visita',
      description:
        'Mese per mese, dalle visite stesse (PostgreSQL): di ogni centro conta l’ultima visita sufficiente dei dodici mesi prima. Metà dei centri sta fra i due quartili.',
      unit: POINTS,
      decimals: 1,
      width: 12,
      height: 9,
      min: 0,
      max: 100,
      queries: [
        sql(
          `SELECT m.month AS time,
             percentile_cont(0.25) WITHIN GROUP (ORDER BY latest.overall) AS "Primo quartile",
             percentile_cont(0.5) WITHIN GROUP (ORDER BY latest.overall) AS "Mediana",
             percentile_cont(0.75) WITHIN GROUP (ORDER BY latest.overall) AS "Terzo quartile"
           FROM generate_series(date_trunc('month', $__timeFrom()::timestamptz), $__timeTo()::timestamptz, interval '1 month') AS m(month)
           CROSS JOIN LATERAL (
             SELECT DISTINCT ON (facility) facility, overall
             FROM quality_inspections
             WHERE ${CHOSEN_SQL}
               AND ended_at < m.month + interval '1 month'
               AND ended_at >= m.month - interval '11 months'
               AND overall IS NOT NULL AND band_by_points <> 'not_enough_data'
             ORDER BY facility, ended_at DESC
           ) AS latest
           GROUP BY m.month
           ORDER BY m.month`,
          'time_series',
        ),
      ],
    }),
    graph({
      title: 'Dimensioni nel tempo',
      description: 'La media dei centri in ogni dimensione della qualità, giorno per giorno.',
      unit: POINTS,
      decimals: 1,
      width: 12,
      height: 9,
      min: 0,
      max: 100,
      queries: [
        course(
          `100 * avg by (dimension) (${daily('vigila_facility_dimension_score_ratio', `${CENTRES}, dimension`, CHOSEN)})`,
          '{{dimension}}',
          '1h',
        ),
      ],
      overrides: dimensions,
    }),
  ],
};

export const territory = dashboard(
  'territory',
  {
    title: 'Qualità del territorio',
    description: 'Come stanno i centri di accoglienza di uno o più territori, come cambiano e dove guardare prima.',
    from: 'now-1y',
    refresh: '5m',
  },
  [SOURCES.prometheus, SOURCES.postgres, TERRITORY, PUBLIC_URL],
  [],
  [NOW, COURSE, WHERE, FINDINGS],
);
