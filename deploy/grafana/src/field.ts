// «Lavoro sul campo»: visits, what phones still owe, how much is looked at, and how far inspectors
// agree. Nothing here is about one person.

import { centreColumn, dashboard, PUBLIC_URL, SOURCES, TERRITORY, type Section } from './dashboard';
import { asAgo, asBand, asCount, asDay, asTime, asVisitKind, COUNT, COVERAGE_LIMITS, NONE_WANTED } from './measures';
import { bars, called, columns, graph, named, stat, table } from './panels';
import { api, CENTRES, CHOSEN, CHOSEN_SQL, course, daily, present, rowsOf, sql, today } from './queries';
import { VISIT_KINDS } from './words';

const small = { width: 6, height: 4, unit: COUNT, decimals: 0 };

const OUTCOMES = [
  { code: 'accepted', word: 'Ricevute', color: 'green' },
  { code: 'repeated', word: 'Inviate di nuovo', color: 'blue' },
  { code: 'conflict', word: 'Altro contenuto con lo stesso numero', color: 'orange' },
  { code: 'refused', word: 'Rifiutate', color: 'red' },
];

const VISITS: Section = {
  title: 'Visite',
  panels: [
    stat({
      ...small,
      title: 'Visite ricevute',
      description: 'Visite arrivate dai telefoni nel periodo scelto, da quando Prometheus le conta.',
      queries: [
        present(`sum(increase(vigila_inspections_total{${CHOSEN}, outcome="accepted"}[$__range])) or vector(0)`),
      ],
    }),
    stat({
      ...small,
      title: 'Centri visti negli ultimi 90 giorni',
      description: 'Quanta parte dei centri attivi ha visto una visita negli ultimi 90 giorni.',
      unit: 'percentunit',
      limits: [
        { from: null, color: 'red', word: 'pochi' },
        { from: 0.5, color: 'orange', word: 'più di metà' },
        { from: 0.8, color: 'green', word: 'quasi tutti' },
      ],
      queries: [
        present(
          `(count(time() - ${today('vigila_facility_last_inspection_timestamp_seconds', CENTRES, CHOSEN)} < 90 * 86400) or vector(0)) / count(${today('vigila_facility_band_info', CENTRES, CHOSEN)})`,
        ),
      ],
    }),
    stat({
      ...small,
      title: 'Foto attese',
      description: 'Foto che i telefoni hanno annunciato e non hanno ancora inviato.',
      queries: [present(`sum(${today('vigila_photos_owed', 'territory', CHOSEN)}) or vector(0)`)],
      limits: NONE_WANTED,
    }),
    stat({
      ...small,
      title: 'La foto attesa da più tempo',
      description: 'Quanto tempo fa è arrivata la più vecchia delle visite a cui mancano foto. Dopo tre giorni parte un avviso.',
      unit: 'dateTimeFromNow',
      none: 'nessuna foto attesa',
      queries: [present(`1000 * min(${today('vigila_photos_owed_oldest_timestamp_seconds', 'territory', CHOSEN)})`)],
    }),
    graph(
      {
        title: 'Visite per settimana',
        description: 'Le visite che contano, per settimana in cui sono finite e per tipo (PostgreSQL).',
        unit: COUNT,
        decimals: 0,
        width: 12,
        height: 9,
        min: 0,
        queries: [
          sql(
            `SELECT date_trunc('week', ended_at) AS time, kind AS metric, count(*) AS value
             FROM quality_inspections
             WHERE ${CHOSEN_SQL} AND $__timeFilter(ended_at)
             GROUP BY 1, 2
             ORDER BY 1, 2`,
            'time_series',
          ),
        ],
        overrides: named(VISIT_KINDS),
      },
      'bars',
    ),
    graph(
      {
        title: 'Invii dai telefoni',
        description:
          'Quante visite i telefoni hanno inviato ogni ora, e com’è andata. Un invio ripetuto è normale dove la rete manca; uno rifiutato va guardato.',
        unit: COUNT,
        decimals: 1,
        width: 12,
        height: 9,
        min: 0,
        queries: [
          course(
            `sum by (outcome) (rate(vigila_inspections_total{${CHOSEN}}[$__rate_interval])) * 3600`,
            '{{outcome}}',
          ),
        ],
        overrides: named(OUTCOMES),
      },
      'bars',
    ),
  ],
};

const PHOTOS: Section = {
  title: 'Foto attese',
  panels: [
    graph(
      {
        title: 'Foto attese nel tempo',
        description: 'Foto annunciate e non ancora arrivate, per territorio. Una linea che non scende: un telefono perso o senza rete.',
        unit: COUNT,
        decimals: 0,
        width: 12,
        height: 9,
        min: 0,
        queries: [course(daily('vigila_photos_owed', 'territory', CHOSEN), '{{territory}}', '1h')],
      },
      'steps',
    ),
    table({
      title: 'Visite a cui mancano foto',
      description: 'Le visite che contano e aspettano ancora foto (PostgreSQL), dalla ricevuta più vecchia.',
      unit: COUNT,
      width: 12,
      height: 9,
      none: 'nessuna foto attesa',
      queries: [
        sql(
          `SELECT facility AS "Centro", kind AS "Visita", checklist AS "Checklist", received_at AS "Ricevuta",
             photos_missing AS "Foto attese", inspection_id::text AS "Pagina"
           FROM quality_inspections
           WHERE ${CHOSEN_SQL} AND photos_missing > 0
           ORDER BY received_at
           LIMIT 200`,
        ),
      ],
      overrides: [
        centreColumn('Centro'),
        asVisitKind('Visita'),
        asTime('Ricevuta'),
        asCount('Foto attese'),
        called('Pagina', {
          links: [{ title: 'La visita in vigila', url: '${public_url}/inspections/${__value.raw}', targetBlank: true }],
        }),
      ],
    }),
  ],
};

const COVERAGE: Section = {
  title: 'Copertura',
  panels: [
    bars({
      title: 'Copertura media per territorio',
      description: 'Quanta parte di ciò che si doveva guardare è stata guardata, in media fra i centri.',
      unit: 'percentunit',
      decimals: 0,
      width: 8,
      height: 9,
      min: 0,
      max: 1,
      limits: COVERAGE_LIMITS,
      queries: [
        present(
          `sort(avg by (territory) (${today('vigila_facility_coverage_ratio', CENTRES, CHOSEN)}))`,
          '{{territory}}',
        ),
      ],
    }),
    table(
      {
        title: 'Centri con la copertura più bassa',
        description: 'Fino a quindici centri. Sotto l’80 % una visita non basta per dare una fascia.',
        unit: COUNT,
        width: 8,
        height: 9,
        queries: [rowsOf(`bottomk(15, ${today('vigila_facility_coverage_ratio', CENTRES, CHOSEN)})`)],
        transformations: [
          columns(
            [
              ['facility', 'Centro'],
              ['territory', 'Territorio'],
              ['Value', 'Copertura'],
            ],
            ['Time'],
          ),
        ],
        overrides: [
          centreColumn('Centro'),
          called('Copertura', { unit: 'percentunit', decimals: 0 }),
        ],
      },
      { column: 'Copertura', descending: false },
    ),
    graph({
      title: 'Copertura delle visite, per mese',
      description: 'La copertura media delle visite finite nel mese, per tipo di visita (PostgreSQL).',
      unit: 'percentunit',
      decimals: 0,
      width: 8,
      height: 9,
      min: 0,
      max: 1,
      queries: [
        sql(
          `SELECT date_trunc('month', ended_at) AS time, kind AS metric, avg(coverage) AS value
           FROM quality_inspections
           WHERE ${CHOSEN_SQL} AND $__timeFilter(ended_at) AND coverage IS NOT NULL
           GROUP BY 1, 2
           ORDER BY 1, 2`,
          'time_series',
        ),
      ],
      overrides: named(VISIT_KINDS),
    }),
  ],
};

const REASONS = [
  { selector: 'facility.code', text: 'Centro', type: 'string' as const },
  { selector: 'facility.name', text: 'Nome', type: 'string' as const },
  { selector: 'total', text: 'Punti', type: 'number' as const },
  { selector: 'last_visit', text: 'Ultima visita', type: 'timestamp' as const },
];

const FROM_API: Section = {
  title: 'Accordo fra ispettori e prossime visite: dall’API di vigila (plugin Infinity)',
  closed: true,
  panels: [
    table({
      title: 'Accordo fra ispettori',
      description:
        'Per checklist, dalle visite doppie di tre o più ispettori del territorio scelto (Infinity). Kappa: 1 accordo pieno, 0 quello del caso. Con meno di tre ispettori non si dice nulla, perché nessuno sia riconoscibile.',
      unit: COUNT,
      decimals: 2,
      width: 12,
      height: 9,
      none: 'troppo poche visite doppie',
      queries: [
        api('/api/v1/territories/${agreement_territory}/agreement', 'checklists', [
          { selector: 'checklist', text: 'Checklist', type: 'string' },
          { selector: 'double_visits', text: 'Visite doppie', type: 'number' },
          { selector: 'inspectors', text: 'Ispettori', type: 'number' },
          { selector: 'observed', text: 'Giudizi uguali', type: 'number' },
          { selector: 'kappa', text: 'Kappa', type: 'number' },
          { selector: 'low', text: 'Kappa, da', type: 'number' },
          { selector: 'high', text: 'Kappa, a', type: 'number' },
        ]),
      ],
      overrides: [
        asCount('Visite doppie'),
        asCount('Ispettori'),
        called('Giudizi uguali', { unit: 'percentunit', decimals: 0 }),
      ],
    }),
    table({
      title: 'Le prossime visite',
      description: 'Quali centri del territorio scelto visitare prima, secondo il programma dell’ufficio (Infinity). I motivi stanno nella pagina di vigila.',
      unit: COUNT,
      decimals: 1,
      width: 12,
      height: 9,
      none: 'nessun centro da visitare',
      queries: [api('/api/v1/territories/${agreement_territory}/next-visits', 'items', REASONS)],
      overrides: [centreColumn('Centro'), asAgo('Ultima visita')],
    }),
    table({
      title: 'Le ultime visite',
      description: 'Le visite più recenti del territorio scelto (Infinity), anche quelle corrette in seguito.',
      unit: COUNT,
      decimals: 1,
      width: 24,
      height: 9,
      queries: [
        api(
          '/api/v1/inspections',
          'items',
          [
            { selector: 'ended_at', text: 'Fine', type: 'timestamp' },
            { selector: 'facility.code', text: 'Centro', type: 'string' },
            { selector: 'facility.name', text: 'Nome', type: 'string' },
            { selector: 'kind', text: 'Visita', type: 'string' },
            { selector: 'checklist.code', text: 'Checklist', type: 'string' },
            { selector: 'band', text: 'Fascia', type: 'string' },
          ],
          { territory: '${agreement_territory}', limit: '50' },
        ),
      ],
      overrides: [centreColumn('Centro'), asDay('Fine'), asVisitKind('Visita'), asBand('Fascia')],
    }),
  ],
};

/** The API answers for one territory at a time. */
const ONE_TERRITORY = {
  ...TERRITORY,
  name: 'agreement_territory',
  label: 'Territorio per l’accordo',
  description: 'La provincia di cui si vogliono vedere l’accordo fra ispettori e le prossime visite.',
  query: { qryType: 1, query: 'label_values(vigila_facility_band_info, territory)', refId: 'Variable-agreement_territory' },
  includeAll: false,
  multi: false,
  current: undefined,
};

export const field = dashboard(
  'field',
  {
    title: 'Lavoro sul campo',
    description: 'Le visite, le foto che i telefoni devono ancora, quanto si guarda e quanto gli ispettori sono d’accordo.',
    from: 'now-90d',
    refresh: '5m',
  },
  [SOURCES.prometheus, SOURCES.postgres, SOURCES.vigila, TERRITORY, ONE_TERRITORY, PUBLIC_URL],
  [],
  [VISITS, PHOTOS, COVERAGE, FROM_API],
);
