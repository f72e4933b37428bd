// «Salute del servizio»: for whoever keeps vigila running.

import { choice, dashboard, SOURCES, type Section } from './dashboard';
import { COUNT } from './measures';
import { called, columns, graph, named, stat, table, type Limit } from './panels';
import { course, present, rowsOf } from './queries';

const JOB = 'job=~"$job"';
const REQUESTS = 'vigila_http_request_duration_seconds';
/** Slow by nature, because a phone sends at its own pace, or not asked by people. */
const SWIFT = `${JOB}, route!~".*(photos|uploads|metrics).*"`;

const small = { width: 4, height: 4, unit: COUNT, decimals: 0 };
const half = { width: 12, height: 9, min: 0 };
const third = { width: 8, height: 9, min: 0 };

const FAST: Limit[] = [
  { from: null, color: 'green', word: 'svelto' },
  { from: 0.5, color: 'orange', word: 'lento' },
  { from: 2, color: 'red', word: 'troppo lento' },
];

/** A quantile of a histogram, over the labels named. */
const quantile = (q: number, metric: string, matchers: string, by = 'le'): string =>
  `histogram_quantile(${q}, sum by (${by}) (rate(${metric}_bucket{${matchers}}[$__rate_interval])))`;

const NOW: Section = {
  title: 'Oggi',
  panels: [
    stat({
      ...small,
      title: 'Processi',
      description: 'Quanti processi di vigila rispondono a Prometheus.',
      queries: [present(`count(up{${JOB}} == 1) or vector(0)`)],
      limits: [
        { from: null, color: 'red', word: 'nessuno risponde' },
        { from: 1, color: 'green', word: 'in funzione' },
      ],
    }),
    stat(
      {
        ...small,
        title: 'Versione',
        description: 'La versione dei processi in funzione; due, mentre si aggiorna.',
        unit: 'none',
        queries: [present(`count by (version) (vigila_build_info{${JOB}})`, '{{version}}')],
      },
      'name',
    ),
    stat(
      {
        ...small,
        title: 'Modello di punteggio',
        description: 'Il modello secondo cui si danno oggi i punteggi.',
        queries: [present(`max by (code, version) (vigila_scoring_model_info{${JOB}})`, '{{code}} {{version}}')],
      },
      'name',
    ),
    stat({
      ...small,
      title: 'Richieste al secondo',
      description: 'Quante richieste arrivano, fra tutti i processi.',
      unit: 'reqps',
      decimals: 1,
      queries: [present(`sum(rate(${REQUESTS}_count{${JOB}}[$__rate_interval]))`)],
    }),
    stat({
      ...small,
      title: 'Richieste fallite',
      description: 'Quanta parte delle richieste trova un errore del servizio (5xx).',
      unit: 'percentunit',
      decimals: 2,
      limits: [
        { from: null, color: 'green', word: 'come deve' },
        { from: 0.001, color: 'orange', word: 'da guardare' },
        { from: 0.01, color: 'red', word: 'troppe' },
      ],
      queries: [
        present(
          `(sum(rate(${REQUESTS}_count{${JOB}, status=~"5.."}[$__rate_interval])) or vector(0)) / sum(rate(${REQUESTS}_count{${JOB}}[$__rate_interval]))`,
        ),
      ],
    }),
    stat({
      ...small,
      title: 'Attesa, 95 su 100',
      description: 'Entro quanto tempo riceve risposta il 95 % delle richieste; senza gli invii di foto.',
      unit: 's',
      decimals: 3,
      limits: FAST,
      queries: [present(quantile(0.95, REQUESTS, SWIFT))],
    }),
  ],
};

const REQUESTED: Section = {
  title: 'Richieste',
  panels: [
    graph(
      {
        ...half,
        title: 'Richieste per esito',
        description: 'Richieste al secondo per codice di risposta: 2xx riuscite, 4xx rifiutate, 5xx fallite.',
        unit: 'reqps',
        queries: [course(`sum by (status) (rate(${REQUESTS}_count{${JOB}}[$__rate_interval]))`, '{{status}}')],
      },
      'stacked',
    ),
    graph({
      ...half,
      title: 'Attesa',
      description: 'Entro quanto tempo riceve risposta la metà delle richieste, il 95 % e il 99 %; senza gli invii di foto.',
      unit: 's',
      queries: [
        course(quantile(0.5, REQUESTS, SWIFT), 'metà'),
        course(quantile(0.95, REQUESTS, SWIFT), '95 %'),
        course(quantile(0.99, REQUESTS, SWIFT), '99 %'),
      ],
    }),
    table(
      {
        title: 'Le operazioni più lente',
        description: 'Le dieci operazioni con l’attesa più lunga nel periodo scelto, e quante richieste hanno avuto.',
        unit: COUNT,
        width: 12,
        height: 9,
        queries: [
          rowsOf(
            `topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(${REQUESTS}_bucket{${JOB}}[$__range]))) > 0)`,
          ),
          rowsOf(`sum by (method, route) (increase(${REQUESTS}_count{${JOB}}[$__range])) > 0`),
        ],
        transformations: [
          { id: 'merge', options: {} },
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
              ['method', 'Metodo'],
              ['route', 'Operazione'],
              ['Value #A', 'Attesa (95 %)'],
              ['Value #B', 'Richieste'],
            ],
            ['Time'],
          ),
        ],
        overrides: [called('Attesa (95 %)', { unit: 's' }), called('Richieste', { decimals: 0 })],
      },
      { column: 'Attesa (95 %)', descending: true },
    ),
    graph({
      ...half,
      title: 'Accessi rifiutati',
      description:
        'Tentativi di accesso al minuto con nome o password sbagliati, e quelli fermati perché troppi. Molti di colpo: qualcuno prova password.',
      unit: 'opm',
      queries: [
        course(`60 * sum by (reason) (rate(vigila_sign_in_failures_total{${JOB}}[$__rate_interval]))`, '{{reason}}'),
      ],
      overrides: named([
        { code: 'refused', word: 'Nome o password sbagliati', color: 'orange' },
        { code: 'slowed', word: 'Fermati perché troppi', color: 'red' },
      ]),
    }),
  ],
};

const PHOTOS: Section = {
  title: 'Foto',
  panels: [
    graph(
      {
        ...third,
        title: 'Foto inviate',
        description: 'Foto arrivate al minuto, per esito: ricevute, inviate di nuovo, rifiutate.',
        unit: 'opm',
        queries: [course(`60 * sum by (outcome) (rate(vigila_photos_total{${JOB}}[$__rate_interval]))`, '{{outcome}}')],
      },
      'stacked',
    ),
    graph({
      ...third,
      title: 'Lavorazione di una foto',
      description: 'Quanto ci vuole a verificare una foto e a farne le copie da mostrare: la metà, e il 95 %.',
      unit: 's',
      queries: [
        course(quantile(0.5, 'vigila_photo_processing_seconds', JOB), 'metà'),
        course(quantile(0.95, 'vigila_photo_processing_seconds', JOB), '95 %'),
      ],
    }),
    graph({
      ...third,
      title: 'Memoria per le foto',
      description:
        'Quanta parte della memoria riservata alle foto è in uso nel processo più carico. Al 100 % i telefoni ricevono 503 e ritentano da soli.',
      unit: 'percentunit',
      max: 1,
      queries: [
        course(
          `max(vigila_photo_memory_used_bytes{${JOB}} / vigila_photo_memory_budget_bytes{${JOB}})`,
          'in uso',
        ),
      ],
    }),
    graph({
      ...half,
      title: 'Telefoni invitati a ritentare',
      description: 'Foto e parti di foto al minuto a cui il servizio ha risposto 503: deposito irraggiungibile o memoria piena.',
      unit: 'opm',
      queries: [
        course(
          `60 * (sum(rate(${REQUESTS}_count{${JOB}, route=~".*(photos|uploads).*", status="503"}[$__rate_interval])) or vector(0))`,
          '503',
        ),
      ],
    }),
    graph({
      ...half,
      title: 'Deposito delle foto',
      description: 'Quanto spazio occupano le foto con le loro copie.',
      unit: 'bytes',
      queries: [course(`max(vigila_photo_store_bytes{${JOB}})`, 'foto')],
    }),
  ],
};

const DATABASE: Section = {
  title: 'Base dati e lavori',
  panels: [
    graph({
      ...third,
      title: 'Grandezza della base dati',
      description: 'Quanto spazio occupa la base dati.',
      unit: 'bytes',
      queries: [course(`max(vigila_database_size_bytes{${JOB}})`, 'base dati')],
    }),
    graph({
      ...third,
      title: 'Connessioni alla base dati',
      description: 'Connessioni in uso e libere di ogni processo, e quante ne può aprire.',
      unit: COUNT,
      decimals: 0,
      queries: [
        course(`sum by (instance) (vigila_database_connections{${JOB}, state="busy"})`, 'in uso, {{instance}}'),
        course(`sum by (instance) (vigila_database_connections{${JOB}, state="idle"})`, 'libere, {{instance}}'),
        course(`max by (instance) (vigila_database_connections_max{${JOB}})`, 'al più, {{instance}}'),
      ],
    }),
    graph({
      ...third,
      title: 'Scritture per salvataggio',
      description:
        'Quante scritture stanno insieme in un salvataggio su disco, in media. Solo con SQLite: di più quando il servizio è carico.',
      unit: COUNT,
      decimals: 1,
      queries: [
        course(
          `sum(rate(vigila_commit_batch_writes_sum{${JOB}}[$__rate_interval])) / sum(rate(vigila_commit_batch_writes_count{${JOB}}[$__rate_interval]))`,
          'scritture',
        ),
      ],
    }),
    graph(
      {
        ...half,
        title: 'Lavori',
        description:
          'Lavori finiti e falliti ogni ora: ricalcoli chiesti e lavori di sempre, come il sigillo del registro e le pulizie.',
        unit: COUNT,
        decimals: 1,
        queries: [
          course(
            `3600 * sum by (outcome) (rate(vigila_jobs_total{${JOB}}[$__rate_interval]))`,
            '{{outcome}}',
          ),
        ],
        overrides: named([
          { code: 'done', word: 'Finiti', color: 'green' },
          { code: 'failed', word: 'Falliti', color: 'red' },
        ]),
      },
      'bars',
    ),
    table({
      title: 'Ultimo lavoro riuscito',
      description: 'Quando ogni lavoro è riuscito l’ultima volta. Quelli chiesti (preview, rescore) corrono solo quando qualcuno li chiede.',
      unit: COUNT,
      width: 12,
      height: 9,
      queries: [rowsOf(`1000 * max by (task) (vigila_job_last_success_timestamp_seconds{${JOB}})`)],
      transformations: [
        columns(
          [
            ['task', 'Lavoro'],
            ['Value', 'Riuscito'],
          ],
          ['Time'],
        ),
      ],
      overrides: [called('Riuscito', { unit: 'dateTimeFromNow' })],
    }),
    graph({
      ...half,
      title: 'Lettura delle metriche',
      description: 'Quanto tempo impiega Prometheus a leggere le metriche di ogni processo.',
      unit: 's',
      queries: [course(`max by (instance) (scrape_duration_seconds{${JOB}})`, '{{instance}}')],
    }),
    graph({
      ...half,
      title: 'Serie lette',
      description: 'Quante serie espone ogni processo: cresce con i centri, non con le visite o le persone.',
      unit: COUNT,
      decimals: 0,
      queries: [course(`max by (instance) (scrape_samples_scraped{${JOB}})`, '{{instance}}')],
    }),
  ],
};

const JOBS = choice(
  'job',
  'Job di Prometheus',
  'label_values(vigila_build_info, job)',
  true,
  'Il nome dato a vigila in prometheus.yml.',
);

export const service = dashboard(
  'service',
  {
    title: 'Salute del servizio',
    description: 'Come sta il programma: richieste, errori, attese, foto, base dati, lavori.',
    from: 'now-24h',
    refresh: '1m',
  },
  [SOURCES.prometheus, JOBS],
  [],
  [NOW, REQUESTED, PHOTOS, DATABASE],
);
