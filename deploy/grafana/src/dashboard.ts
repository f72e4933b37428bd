// What the dashboards have in common: variables, links, and where panels lie.

import {
  DashboardCursorSync,
  VariableHide,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type DashboardLink,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/schema';
import type { Override, Unplaced } from './panels';
import { called } from './panels';
import { PROMETHEUS } from './queries';

/** A titled part of a dashboard. Closed ones ask nothing until somebody opens them. */
export interface Section {
  title: string;
  closed?: boolean;
  panels: Unplaced[];
}

/** Grafana's grid has so many columns. */
const COLUMNS = 24;

/** Numbers the panels and lays them from left to right, a heading above each section. */
export function layout(sections: Section[]): (Panel | RowPanel)[] {
  const laid: (Panel | RowPanel)[] = [];
  let id = 0;
  let y = 0;
  for (const { title, closed, panels } of sections) {
    const row: RowPanel = {
      id: ++id,
      type: 'row',
      title,
      collapsed: closed === true,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    };
    laid.push(row);
    let [x, top, height] = [0, y + 1, 0];
    for (const { panel, width, height: h } of panels) {
      if (x + width > COLUMNS) [x, top, height] = [0, top + height, 0];
      const placed: Panel = { ...panel, id: ++id, gridPos: { x, y: top, w: width, h } };
      (closed === true ? row.panels : laid).push(placed);
      [x, height] = [x + width, Math.max(height, h)];
    }
    y = closed === true ? y + 1 : top + height;
  }
  return laid;
}

function source(name: string, label: string, plugin: string): VariableModel {
  return {
    type: 'datasource',
    name,
    label,
    query: plugin,
    hide: VariableHide.dontHide,
    includeAll: false,
    multi: false,
    options: [],
    refresh: VariableRefresh.onDashboardLoad,
    regex: '',
    skipUrlSync: false,
  };
}

/** The variables of data sources. */
export const SOURCES = {
  prometheus: source('prometheus', 'Prometheus', 'prometheus'),
  postgres: source('postgres', 'PostgreSQL', 'grafana-postgresql-datasource'),
  vigila: source('vigila', 'API di vigila', 'yesoreyeram-infinity-datasource'),
};

/** Values of a label of a metric, to choose from. */
export function choice(
  name: string,
  label: string,
  query: string,
  several: boolean,
  description: string,
): VariableModel {
  return {
    type: 'query',
    name,
    label,
    description,
    datasource: PROMETHEUS,
    query: { qryType: 1, query, refId: `Variable-${name}` },
    hide: VariableHide.dontHide,
    includeAll: several,
    multi: several,
    options: [],
    refresh: VariableRefresh.onTimeRangeChanged,
    regex: '',
    skipUrlSync: false,
    sort: VariableSort.alphabeticalAsc,
    ...(several ? { current: { selected: true, text: ['All'], value: ['$__all'] } } : {}),
  };
}

/** The province codes, one or several. */
export const TERRITORY = choice(
  'territory',
  'Territorio',
  'label_values(vigila_facility_band_info, territory)',
  true,
  'Sigle delle province di cui si vogliono vedere i centri.',
);

/** The address of the pages of vigila, for links. Who imports a dashboard sets it once. */
export const PUBLIC_URL: VariableModel = {
  type: 'textbox',
  name: 'public_url',
  label: 'Indirizzo di vigila',
  description: 'L’indirizzo delle pagine di vigila (VIGILA_PUBLIC_URL), senza barra alla fine: serve ai collegamenti.',
  query: 'http://127.0.0.1:8080',
  current: { selected: true, text: 'http://127.0.0.1:8080', value: 'http://127.0.0.1:8080' },
  hide: VariableHide.dontHide,
  options: [],
  skipUrlSync: false,
};

const UIDS = {
  territory: 'vigila-territory',
  centre: 'vigila-centre',
  field: 'vigila-field-work',
  service: 'vigila-service',
};
export type Name = keyof typeof UIDS;

/** Links in a column of codes of centres: to its dashboard here and to its page in vigila. */
export function centreColumn(name: string): Override {
  return called(name, {
    links: [
      {
        title: 'Il cruscotto del centro',
        url: `/d/${UIDS.centre}?var-facility=\${__value.raw}&\${__url_time_range}`,
      },
      {
        title: 'La pagina del centro in vigila',
        url: '${public_url}/facilities/${__value.raw}',
        targetBlank: true,
      },
    ],
    'custom.width': 110,
  });
}

/** A link to a page of vigila, at the top of a dashboard. */
export function pageLink(title: string, path: string): DashboardLink {
  return {
    type: 'link',
    title,
    tooltip: title,
    url: `\${public_url}${path}`,
    icon: 'external link',
    targetBlank: true,
    asDropdown: false,
    includeVars: false,
    keepTime: false,
    tags: [],
  };
}

const OTHERS: DashboardLink = {
  type: 'dashboards',
  title: 'vigila',
  tooltip: 'Gli altri cruscotti di vigila',
  icon: 'dashboard',
  tags: ['vigila'],
  asDropdown: true,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
};

/** A dashboard in Grafana's classic model. */
export function dashboard(
  name: Name,
  said: { title: string; description: string; from: string; refresh: string },
  variables: VariableModel[],
  links: DashboardLink[],
  sections: Section[],
): Dashboard {
  return {
    id: null,
    uid: UIDS[name],
    title: said.title,
    description: said.description,
    tags: ['vigila'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    fiscalYearStartMonth: 0,
    time: { from: said.from, to: 'now' },
    timepicker: {},
    timezone: 'browser',
    weekStart: 'monday',
    refresh: said.refresh,
    annotations: { list: [] },
    templating: { list: variables },
    links: [OTHERS, ...links],
    panels: layout(sections),
  };
}
