// Writes the dashboards, or with --check says which of those that lie there are not in step.
//
//   node main.js [--check] FOLDER

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { centre } from './centre';
import { field } from './field';
import { service } from './service';
import { territory } from './territory';

const FILES = {
  'territory-quality.json': territory,
  'centre.json': centre,
  'field-work.json': field,
  'service-health.json': service,
};

const [folder, ...more] = process.argv.slice(2).filter((word) => word !== '--check');
if (folder === undefined || more.length > 0) {
  console.error('usage: main.js [--check] FOLDER');
  process.exit(2);
}
const checks = process.argv.includes('--check');
const faults: string[] = [];
for (const [name, dashboard] of Object.entries(FILES)) {
  const path = join(folder, name);
  const text = `${JSON.stringify(dashboard, null, 2)}\n`;
  if (!checks) writeFileSync(path, text);
  else if (read(path) !== text) faults.push(`${path} is not what deploy/grafana/src makes`);
}
for (const name of readdirSync(folder)) {
  if (!(name in FILES)) faults.push(`${join(folder, name)} is made by nothing in deploy/grafana/src`);
}
if (faults.length > 0) {
  console.error([...faults, 'run: npm --prefix deploy/grafana run build'].join('\n'));
  process.exit(1);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
