// «Un centro»: one centre, with its course, its indicators and its findings.

import { choice, dashboard, pageLink, PUBLIC_URL, SOURCES, type Section } from './dashboard';
import { asAgo, asBand, asCount, asDay, asDays, asScore, asSeverity, asState, asTime, asVisitKind, asYesNo } from './measures';
import { COUNT, COVERAGE_LIMITS, NONE_WANTED, POINTS, SCORE_LIMITS } from './measures';
import { bars, called, graph, named, stat, table } from './panels';
import { api, CENTRE, CENTRE_SQL, course, daily, present, sql, today, TODAY_SQL } from './queries';
import { BANDS, CENTRE_KINDS, DIMENSIONS, inWords, LEVELS, SEVERITIES, VISIT_KINDS } from './words';

const ONE = 'facility';
const small = { width: 4, height: 4, unit: COUNT, decimals: 0 };
const dimensions = DIMENSIONS.map(({ code, word }) => called(code, { displayName: word }));

const NOW: Section = {
  title: 'Oggi',
  panels: [
    stat(
      {
        ...small,
        title: 'Fascia',
        description: 'La fascia del centro secondo le sue visite. «Critico»: una voce critica non è in regola.',
        queries: [present(today('vigila_facility_band_info', `${ONE}, band`, CENTRE), '{{band}}')],
        overrides: named(BANDS),
      },
      'name',
    ),
    stat({
      ...small,
      title: 'Punteggio',
      description: 'Il punteggio complessivo, da 0 a 100.',
      unit: POINTS,
      decimals: 1,
      queries: [present(`100 * ${today('vigila_facility_score_ratio', ONE, CENTRE)}`)],
      limits: SCORE_LIMITS,
    }),
    stat({
      ...small,
      title: 'Copertura',
      description: 'Quanta parte di ciò che si doveva guardare è stata guardata.',
      unit: 'percentunit',
      queries: [present(today('vigila_facility_coverage_ratio', ONE, CENTRE))],
      limits: COVERAGE_LIMITS,
    }),
    stat({
      ...small,
      title: 'Ultima visita',
      description: 'Quanto tempo fa è finita l’ultima visita. Dopo un anno il punteggio non descrive più il centro.',
      unit: 'dateTimeFromNow',
      none: 'mai visitato',
      queries: [present(`1000 * ${today('vigila_facility_last_inspection_timestamp_seconds', ONE, CENTRE)}`)],
    }),
    stat({
      ...small,
      title: 'Voci critiche',
      description: 'Voci critiche che ora non sono in regola.',
      queries: [present(today('vigila_facility_critical_items', ONE, CENTRE))],
      limits: NONE_WANTED,
    }),
    stat({
      ...small,
      title: 'Non conformità aperte',
      description: 'Non conformità di ogni gravità che l’ufficio non ha ancora chiuso.',
      queries: [present(`sum(${today('vigila_facility_findings_open', `${ONE}, severity`, CENTRE)}) or vector(0)`)],
      limits: NONE_WANTED,
    }),
    bars({
      title: 'Dimensioni',
      description: 'Il punteggio del centro in ogni dimensione della qualità, dalla più debole. Sotto 60 punti in una sola, la fascia non supera «Da migliorare».',
      unit: POINTS,
      decimals: 1,
      width: 10,
      height: 10,
      min: 0,
      max: 100,
      limits: SCORE_LIMITS,
      queries: [
        present(`sort(100 * ${today('vigila_facility_dimension_score_ratio', `${ONE}, dimension`, CENTRE)})`, '{{dimension}}'),
      ],
      overrides: dimensions,
    }),
    table({
      title: 'Il centro',
      description: 'Chi è il centro (PostgreSQL): nome, tipo, luogo, ente gestore e posti autorizzati.',
      unit: COUNT,
      width: 14,
      height: 4,
      queries: [
        sql(
          `SELECT facility AS "Centro", name AS "Nome", kind AS "Tipo", municipality AS "Comune", territory AS "Territorio",
             managing_body AS "Ente gestore", authorised_places AS "Posti"
           FROM quality_facilities
           WHERE ${CENTRE_SQL}`,
        ),
      ],
      overrides: [called('Tipo', { mappings: inWords(CENTRE_KINDS) })],
    }),
    stat({
      title: 'La non conformità critica più vecchia',
      description:
        'Da quanto tempo è aperta la non conformità critica più vecchia, senza contare quelle che una visita successiva ha trovato in regola. Dopo 48 ore parte un avviso.',
      unit: 'dateTimeFromNow',
      width: 7,
      height: 6,
      none: 'nessuna critica aperta',
      queries: [
        present(`1000 * ${today('vigila_facility_oldest_critical_finding_timestamp_seconds', ONE, CENTRE)}`),
      ],
    }),
    bars({
      title: 'Non conformità aperte per gravità',
      description: 'Le non conformità aperte del centro, dalla più grave.',
      unit: COUNT,
      decimals: 0,
      width: 7,
      height: 6,
      min: 0,
      queries: SEVERITIES.map(({ code, word }) =>
        present(`${today('vigila_facility_findings_open', ONE, `${CENTRE}, severity="${code}"`)} or vector(0)`, word),
      ),
      overrides: named(SEVERITIES.map(({ word, color }) => ({ code: word, word, color }))),
    }),
  ],
};

const COURSE: Section = {
  title: 'Andamento',
  panels: [
    graph(
      {
        title: 'Punteggio e copertura nel tempo',
        description:
          'Il punteggio e la copertura del centro, giorno per giorno, in centesimi. I giorni prima dell’installazione ci sono se la storia è stata caricata.',
        unit: COUNT,
        decimals: 1,
        width: 12,
        height: 9,
        min: 0,
        max: 100,
        queries: [
          course(`100 * ${daily('vigila_facility_score_ratio', ONE, CENTRE)}`, 'Punteggio', '1h'),
          course(`100 * ${daily('vigila_facility_coverage_ratio', ONE, CENTRE)}`, 'Copertura (%)', '1h'),
        ],
      },
      'steps',
    ),
    graph(
      {
        title: 'Dimensioni nel tempo',
        description: 'Il punteggio in ogni dimensione, giorno per giorno.',
        unit: POINTS,
        decimals: 1,
        width: 12,
        height: 9,
        min: 0,
        max: 100,
        queries: [
          course(
            `100 * ${daily('vigila_facility_dimension_score_ratio', `${ONE}, dimension`, CENTRE)}`,
            '{{dimension}}',
            '1h',
          ),
        ],
        overrides: dimensions,
      },
      'steps',
    ),
    graph(
      {
        title: 'Punteggi per data della visita',
        description:
          'Un segno per visita (PostgreSQL), secondo il tipo di visita. Una visita a sorpresa e una annunciata non si confrontano senza pensarci.',
        unit: POINTS,
        decimals: 1,
        width: 12,
        height: 9,
        min: 0,
        max: 100,
        queries: [
          sql(
            `SELECT ended_at AS time, kind AS metric, overall AS value
             FROM quality_inspections
             WHERE ${CENTRE_SQL} AND $__timeFilter(ended_at) AND overall IS NOT NULL
             ORDER BY ended_at`,
            'time_series',
          ),
        ],
        overrides: named(VISIT_KINDS),
      },
      'points',
    ),
    graph(
      {
        title: 'Dimensioni per data della visita',
        description: 'Il punteggio in ogni dimensione, visita per visita (PostgreSQL).',
        unit: POINTS,
        decimals: 1,
        width: 12,
        height: 9,
        min: 0,
        max: 100,
        queries: [
          sql(
            `SELECT ended_at AS time, dimension AS metric, score AS value
             FROM quality_dimensions
             WHERE ${CENTRE_SQL} AND $__timeFilter(ended_at) AND score IS NOT NULL
             ORDER BY ended_at`,
            'time_series',
          ),
        ],
        overrides: dimensions,
      },
    ),
  ],
};

const FINDINGS: Section = {
  title: 'Non conformità, indicatori, visite',
  panels: [
    table({
      title: 'Non conformità del centro',
      description: 'Le non conformità del centro (PostgreSQL): prima quelle aperte, dal termine più vicino o già passato.',
      unit: COUNT,
      width: 24,
      height: 9,
      none: 'nessuna',
      queries: [
        sql(
          `SELECT severity AS "Gravità", state AS "Stato", checklist AS "Checklist", item AS "Voce",
             opened_at AS "Aperta", due_on::timestamptz AS "Termine",
             CASE WHEN live AND due_on < ${TODAY_SQL} AND NOT closing_proposed THEN ${TODAY_SQL} - due_on END AS "Giorni di ritardo",
             failures - 1 AS "Ripetizioni", closing_proposed::text AS "Chiusura proposta", settled_at AS "Chiusa"
           FROM quality_findings
           WHERE ${CENTRE_SQL}
           ORDER BY live DESC, due_on, item
           LIMIT 500`,
        ),
      ],
      overrides: [
        asSeverity('Gravità'),
        asState('Stato'),
        asDay('Aperta'),
        asDay('Termine'),
        asDays('Giorni di ritardo'),
        asYesNo('Chiusura proposta'),
        asDay('Chiusa'),
      ],
    }),
    table({
      title: 'Indicatori',
      description:
        'L’ultimo valore di ogni indicatore (PostgreSQL) con il suo livello: ospiti per servizio, ore erogate su ore dovute e simili. L’unità è quella della pagina del centro. Un indicatore non cambia la fascia.',
      unit: COUNT,
      decimals: 2,
      width: 12,
      height: 11,
      queries: [
        sql(
          `SELECT DISTINCT ON (indicator) indicator AS "Indicatore", value AS "Valore", level AS "Livello",
             checklist AS "Checklist", ended_at AS "Visita"
           FROM quality_indicators
           WHERE ${CENTRE_SQL} AND value IS NOT NULL
           ORDER BY indicator, ended_at DESC`,
        ),
      ],
      overrides: [
        called('Livello', { mappings: inWords(LEVELS), 'custom.cellOptions': { type: 'color-text' } }),
        asDay('Visita'),
      ],
    }),
    table({
      title: 'Visite',
      description: 'Le visite che contano (PostgreSQL), dalla più recente. Il collegamento porta alla visita in vigila.',
      unit: COUNT,
      width: 12,
      height: 11,
      queries: [
        sql(
          `SELECT ended_at AS "Fine", kind AS "Visita", checklist AS "Checklist", overall AS "Punteggio",
             band AS "Fascia", photos_missing AS "Foto attese", inspection_id::text AS "Pagina"
           FROM quality_inspections
           WHERE ${CENTRE_SQL} AND $__timeFilter(ended_at)
           ORDER BY ended_at DESC
           LIMIT 200`,
        ),
      ],
      overrides: [
        asTime('Fine'),
        asVisitKind('Visita'),
        asScore('Punteggio'),
        asBand('Fascia'),
        asCount('Foto attese'),
        called('Pagina', {
          links: [{ title: 'La visita in vigila', url: '${public_url}/inspections/${__value.raw}', targetBlank: true }],
        }),
      ],
    }),
  ],
};

const days = { from: '${__from:date:YYYY-MM-DD}', to: '${__to:date:YYYY-MM-DD}' };

const FROM_API: Section = {
  title: 'Senza PostgreSQL: dall’API di vigila',
  closed: true,
  panels: [
    table({
      title: 'Punteggi delle visite, dall’API',
      description: 'Come «Punteggi per data della visita», letto dall’API con il plugin Infinity.',
      unit: COUNT,
      width: 12,
      height: 10,
      queries: [
        api(
          '/api/v1/series',
          'items',
          [
            { selector: 'time', text: 'Fine', type: 'timestamp' },
            { selector: 'kind', text: 'Visita', type: 'string' },
            { selector: 'checklist', text: 'Checklist', type: 'string' },
            { selector: 'value', text: 'Punteggio', type: 'number' },
            { selector: 'band', text: 'Fascia', type: 'string' },
          ],
          { measure: 'overall', facility: '${facility}', ...days },
        ),
      ],
      overrides: [asTime('Fine'), asVisitKind('Visita'), asScore('Punteggio'), asBand('Fascia')],
    }),
    table({
      title: 'Visite, dall’API',
      description: 'Le ultime visite del centro, lette dall’API con il plugin Infinity.',
      unit: COUNT,
      width: 12,
      height: 10,
      queries: [
        api(
          '/api/v1/inspections',
          'items',
          [
            { selector: 'ended_at', text: 'Fine', type: 'timestamp' },
            { selector: 'kind', text: 'Visita', type: 'string' },
            { selector: 'checklist.code', text: 'Checklist', type: 'string' },
            { selector: 'overall', text: 'Punteggio', type: 'number' },
            { selector: 'band', text: 'Fascia', type: 'string' },
          ],
          { facility: '${facility}', limit: '100' },
        ),
      ],
      overrides: [asAgo('Fine'), asVisitKind('Visita'), asScore('Punteggio'), asBand('Fascia')],
    }),
  ],
};

const FACILITY = choice(
  'facility',
  'Centro',
  'label_values(vigila_facility_band_info, facility)',
  false,
  'Il codice del centro.',
);

export const centre = dashboard(
  'centre',
  {
    title: 'Un centro',
    description: 'Un centro di accoglienza: come sta, come è cambiato, che cosa gli è stato rilevato.',
    from: 'now-2y',
    refresh: '5m',
  },
  [SOURCES.prometheus, SOURCES.postgres, SOURCES.vigila, FACILITY, PUBLIC_URL],
  [pageLink('La pagina del centro in vigila', '/facilities/${facility}')],
  [NOW, COURSE, FINDINGS, FROM_API],
);
