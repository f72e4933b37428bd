// Queries of the three data sources, which dashboards know by variables only.

import type { DataQuery, DataSourceRef } from '@grafana/schema';

/** The data source of a panel is what somebody chose at the top of the dashboard. */
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: '${prometheus}' };
export const POSTGRES: DataSourceRef = { type: 'grafana-postgresql-datasource', uid: '${postgres}' };
export const VIGILA: DataSourceRef = { type: 'yesoreyeram-infinity-datasource', uid: '${vigila}' };

/** A query of Prometheus. */
export interface PrometheusQuery extends DataQuery {
  expr: string;
  instant: boolean;
  range: boolean;
  format: 'time_series' | 'table';
  legendFormat?: string;
  interval?: string;
}

/** A query of PostgreSQL, on the views `quality_*`. */
export interface SqlQuery extends DataQuery {
  rawSql: string;
  rawQuery: true;
  editorMode: 'code';
  format: 'table' | 'time_series';
}

/** A column that Infinity takes from each row. */
export interface Column {
  selector: string;
  text: string;
  type: 'string' | 'number' | 'timestamp';
}

/** A query of the API of vigila by the plugin Infinity. */
export interface InfinityQuery extends DataQuery {
  type: 'json';
  source: 'url';
  parser: 'backend';
  format: 'table' | 'timeseries';
  url: string;
  root_selector: string;
  columns: Column[];
  filters: [];
  url_options: { method: 'GET'; data: ''; params: { key: string; value: string }[] };
}

export type Query = PrometheusQuery | SqlQuery | InfinityQuery;

/** Queries get the letters A, B, C… in their order. */
export function lettered<Q extends Query>(queries: Omit<Q, 'refId'>[]): Q[] {
  return queries.map((query, index) => ({ ...query, refId: String.fromCharCode(65 + index) }) as Q);
}

type Unnamed<Q extends DataQuery> = Omit<Q, 'refId'>;

/** The course of an expression over the time of the dashboard. */
export function course(expr: string, legendFormat: string, interval?: string): Unnamed<PrometheusQuery> {
  const query = { datasource: PROMETHEUS, expr, legendFormat, instant: false, range: true };
  return { ...query, format: 'time_series', ...(interval === undefined ? {} : { interval }) };
}

/** The present value of an expression. */
export function present(expr: string, legendFormat = '__auto'): Unnamed<PrometheusQuery> {
  return { datasource: PROMETHEUS, expr, legendFormat, instant: true, range: false, format: 'time_series' };
}

/** The present values of an expression as rows of a table. */
export function rowsOf(expr: string): Unnamed<PrometheusQuery> {
  return { datasource: PROMETHEUS, expr, instant: true, range: false, format: 'table' };
}

/** Rows of SQL; `time_series` where the first column is the time. */
export function sql(rawSql: string, format: SqlQuery['format'] = 'table'): Unnamed<SqlQuery> {
  const text = rawSql.replace(/\n\s*/g, '\n').trim();
  return { datasource: POSTGRES, rawSql: text, rawQuery: true, editorMode: 'code', format };
}

/** Rows of the API: `url` begins with `/api/v1`, the data source knows where vigila is. */
export function api(
  url: string,
  root: string,
  columns: Column[],
  params: Record<string, string> = {},
  format: InfinityQuery['format'] = 'table',
): Unnamed<InfinityQuery> {
  return {
    datasource: VIGILA,
    type: 'json',
    source: 'url',
    parser: 'backend',
    format,
    url,
    root_selector: root,
    columns,
    filters: [],
    url_options: {
      method: 'GET',
      data: '',
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
    },
  };
}

/** The centres of the territories chosen at the top, as a matcher of Prometheus. */
export const CHOSEN = 'territory=~"$territory"';
/** The same as a condition of SQL. */
export const CHOSEN_SQL = 'territory IN (${territory:sqlstring})';
/** The labels of a centre. */
export const CENTRES = 'territory, facility';
/** The centre chosen at the top. */
export const CENTRE = 'facility="$facility"';
/** The same as a condition of SQL. */
export const CENTRE_SQL = 'facility = ${facility:sqlstring}';

/** The civil day: deadlines are days where the centres are (VIGILA_TIMEZONE). */
export const TODAY_SQL = "(now() AT TIME ZONE 'Europe/Rome')::date";

// Gauges of quality come from the database and are the same in every process, so that one is
// taken instead of adding them. What Prometheus itself adds to a series (job, instance, pod)
// goes in the same step, and series that were loaded from history fit to those of today.

/** A gauge of quality today, one series for each combination of `labels`. */
export function today(metric: string, labels: string, matchers: string): string {
  return `max by (${labels}) (${metric}{${matchers}})`;
}

/** The same over a long time: where nothing was scraped, the value of that day from history. What
 * was scraped goes first, so that a change shows at once and not a day later. `same` are the
 * labels by which both are of one thing: those that do not change with the value. */
export function daily(metric: string, labels: string, matchers: string, same?: string): string {
  const on = same === undefined ? '' : `on (${same}) `;
  const history = `max by (${labels}) (last_over_time(${metric}{${matchers}}[1d]))`;
  return `(${today(metric, labels, matchers)} or ${on}${history})`;
}
