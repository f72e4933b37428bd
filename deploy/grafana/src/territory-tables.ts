// The tables of «Qualità del territorio»: which centres to look at, and what was found in them.

import { centreColumn, type Section } from './dashboard';
import {
  asAgo,
  asBand,
  asCount,
  asDay,
  asDays,
  asScore,
  asSeverity,
  asState,
  asYesNo,
  COUNT,
  POINTS,
  SCORE_LIMITS,
} from './measures';
import { called, COLOURED, columns, graph, MERGED, named, table } from './panels';
import { CENTRES, CHOSEN, CHOSEN_SQL, course, daily, rowsOf, sql, today, TODAY_SQL } from './queries';
import { AGES, DIMENSIONS, inWords, SEVERITIES } from './words';

const score = `100 * ${today('vigila_facility_score_ratio', CENTRES, CHOSEN)}`;
const band = today('vigila_facility_band_info', `${CENTRES}, band`, CHOSEN);
const never = today('vigila_facility_band_info', CENTRES, `${CHOSEN}, band="never_inspected"`);

const last = `1000 * ${today('vigila_facility_last_inspection_timestamp_seconds', CENTRES, CHOSEN)}`;

export const WHERE: Section = {
  title: 'Dove guardare',
  panels: [
    table(
      {
        title: 'I centri con il punteggio più basso',
        description:
          'Fino a quindici centri, dal punteggio più basso. La fascia può essere peggiore del punteggio: una voce critica non in regola basta.',
        unit: COUNT,
        width: 12,
        height: 10,
        none: 'nessun centro ha un punteggio',
        queries: [
          rowsOf(`bottomk(15, ${score})`),
          rowsOf(band),
          rowsOf(today('vigila_facility_critical_items', CENTRES, CHOSEN)),
          rowsOf(last),
        ],
        transformations: [
          MERGED,
          // Of the centres that the other queries name, those with a score among the lowest.
          {
            id: 'filterByValue',
            options: {
              type: 'include',
              match: 'all',
              filters: [{ fieldName: 'Value #A', config: { id: 'isNotNull', options: {} } }],
            },
          },
          columns(
            [
              ['facility', 'Centro'],
              ['territory', 'Territorio'],
              ['Value #A', 'Punteggio'],
              ['band', 'Fascia'],
              ['Value #C', 'Voci critiche'],
              ['Value #D', 'Ultima visita'],
            ],
            ['Time', 'Value #B'],
          ),
        ],
        overrides: [
          centreColumn('Centro'),
          asScore('Punteggio'),
          asBand('Fascia'),
          asCount('Voci critiche'),
          asAgo('Ultima visita'),
        ],
      },
      { column: 'Punteggio', descending: false },
    ),
    table(
      {
        title: 'I centri che peggiorano',
        description:
          'Centri il cui punteggio è più basso di novanta giorni fa, dal calo più grande. Sono due punteggi soltanto: se la differenza è più del caso lo dice la pagina del centro.',
        unit: COUNT,
        width: 12,
        height: 10,
        none: 'nessun centro è peggiorato',
        queries: [
          rowsOf(
            `bottomk(15, ${score} - 100 * max by (${CENTRES}) (last_over_time(vigila_facility_score_ratio{${CHOSEN}}[1d] offset 90d)) < 0)`,
          ),
        ],
        transformations: [
          columns(
            [
              ['facility', 'Centro'],
              ['territory', 'Territorio'],
              ['Value', 'Differenza'],
            ],
            ['Time'],
          ),
        ],
        overrides: [
          centreColumn('Centro'),
          called('Differenza', { unit: POINTS, decimals: 1 }),
        ],
      },
      { column: 'Differenza', descending: false },
    ),
    table(
      {
        title: 'I centri non visti da 90 giorni',
        description:
          'Da quanti giorni nessuna visita è finita nel centro, dal più lungo. Dopo 365 giorni il punteggio non descrive più il centro. Chi non è mai stato visitato sta nel riquadro accanto.',
        unit: COUNT,
        width: 8,
        height: 10,
        none: 'tutti visti negli ultimi 90 giorni',
        queries: [
          rowsOf(
            `sort_desc((time() - ${today('vigila_facility_last_inspection_timestamp_seconds', CENTRES, CHOSEN)}) / 86400 > 90)`,
          ),
        ],
        transformations: [
          columns(
            [
              ['facility', 'Centro'],
              ['territory', 'Territorio'],
              ['Value', 'Giorni'],
            ],
            ['Time'],
          ),
        ],
        overrides: [centreColumn('Centro'), asDays('Giorni')],
      },
      { column: 'Giorni', descending: true },
    ),
    table({
      title: 'I centri mai visitati',
      description: 'Centri attivi in cui nessuna visita è ancora finita, con il loro tipo.',
      unit: COUNT,
      width: 6,
      height: 10,
      none: 'tutti visitati almeno una volta',
      queries: [rowsOf(never)],
      transformations: [
        columns(
          [
            ['facility', 'Centro'],
            ['territory', 'Territorio'],
          ],
          ['Time', 'Value'],
        ),
      ],
      overrides: [centreColumn('Centro')],
    }),
    table({
      title: 'Centri e dimensioni',
      description: 'Il punteggio di ogni centro in ogni dimensione. Una casella vuota: non rilevata, o non prevista in quel centro.',
      unit: POINTS,
      decimals: 0,
      width: 10,
      height: 10,
      limits: SCORE_LIMITS,
      queries: [
        rowsOf(`100 * ${today('vigila_facility_dimension_score_ratio', `${CENTRES}, dimension`, CHOSEN)}`),
      ],
      transformations: [
        {
          id: 'groupingToMatrix',
          options: { columnField: 'dimension', rowField: 'facility', valueField: 'Value', emptyValue: 'null' },
        },
      ],
      overrides: [
        centreColumn('facility\\dimension'),
        ...DIMENSIONS.map(({ code, word }) =>
          called(code, { displayName: word, 'custom.cellOptions': COLOURED }),
        ),
      ],
    }),
  ],
};

export const FINDINGS: Section = {
  title: 'Non conformità',
  panels: [
    table({
      title: 'Non conformità aperte per gravità ed età',
      description: 'Quante non conformità di ogni gravità sono aperte, e da quanto tempo.',
      unit: COUNT,
      decimals: 0,
      width: 8,
      height: 10,
      none: 'nessuna aperta',
      queries: [
        rowsOf(
          `sum by (severity, age) (${today('vigila_findings_by_age', 'territory, severity, age', CHOSEN)}) > 0`,
        ),
      ],
      transformations: [
        columns(
          [
            ['severity', 'Gravità'],
            ['age', 'Età'],
            ['Value', 'Quante'],
          ],
          ['Time'],
        ),
      ],
      overrides: [
        asSeverity('Gravità'),
        called('Età', { mappings: inWords(AGES) }),
      ],
    }),
    graph(
      {
        title: 'Non conformità aperte nel tempo',
        description: 'Non conformità aperte, per gravità.',
        unit: COUNT,
        decimals: 0,
        width: 16,
        height: 10,
        min: 0,
        queries: [
          course(
            `sum by (severity) (${daily('vigila_findings_open', 'territory, severity', CHOSEN)})`,
            '{{severity}}',
            '1h',
          ),
        ],
        overrides: named(SEVERITIES),
      },
      'stacked',
    ),
    table({
      title: 'Le non conformità aperte, per termine',
      description:
        'Le non conformità che l’ufficio non ha ancora chiuso (PostgreSQL), dal termine più vicino o già passato. «Chiusura proposta»: una visita successiva l’ha trovata in regola, all’ufficio resta da chiudere.',
      unit: COUNT,
      width: 24,
      height: 11,
      none: 'nessuna aperta',
      queries: [
        sql(
          `SELECT facility AS "Centro", territory AS "Territorio", severity AS "Gravità", state AS "Stato",
             checklist AS "Checklist", item AS "Voce", opened_at AS "Aperta", due_on::timestamptz AS "Termine",
             CASE WHEN due_on < ${TODAY_SQL} AND NOT closing_proposed THEN ${TODAY_SQL} - due_on END AS "Giorni di ritardo",
             failures - 1 AS "Ripetizioni", closing_proposed::text AS "Chiusura proposta"
           FROM quality_findings
           WHERE ${CHOSEN_SQL} AND live
           ORDER BY due_on, severity, facility, item
           LIMIT 500`,
        ),
      ],
      overrides: [
        centreColumn('Centro'),
        asSeverity('Gravità'),
        asState('Stato'),
        asDay('Aperta'),
        asDay('Termine'),
        asDays('Giorni di ritardo'),
        asYesNo('Chiusura proposta'),
      ],
    }),
  ],
};
