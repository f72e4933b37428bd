// The words of the field in Italian, as the pages of vigila say them (src/messages), and the
// colours that go with them. A colour never stands alone: the word or the number is shown too.

import { MappingType, type ValueMapping } from '@grafana/schema';

/** A code of vigila, the word for it, and its colour. */
export interface Word {
  readonly code: string;
  readonly word: string;
  readonly color: string;
}

/** The bands of a centre, worst first, as lists of centres are ordered. */
export const BANDS: readonly Word[] = [
  { code: 'critical', word: 'Critico', color: 'dark-red' },
  { code: 'insufficient', word: 'Insufficiente', color: 'red' },
  { code: 'not_enough_data', word: 'Dati insufficienti', color: 'purple' },
  { code: 'never_inspected', word: 'Mai visitato', color: 'blue' },
  { code: 'to_improve', word: 'Da migliorare', color: 'orange' },
  { code: 'adequate', word: 'Adeguato', color: 'light-green' },
  { code: 'good', word: 'Buono', color: 'green' },
];

/** The dimensions of quality, by code. */
export const DIMENSIONS: readonly Word[] = [
  ['CARE', 'Assistenza e accompagnamento'],
  ['CONTEXT', 'Contesto'],
  ['FOOD', 'Vitto'],
  ['GOODS', 'Beni e pocket money'],
  ['HEALTH', 'Salute'],
  ['HOUSING', 'Alloggio'],
  ['HYGIENE', 'Igiene'],
  ['NEEDS', 'Bisogni'],
  ['RIGHTS', 'Diritti'],
  ['SAFETY', 'Sicurezza'],
  ['SERVICES', 'Servizi'],
  ['STAFF', 'Personale'],
  ['VOICE', 'Voce degli ospiti'],
  ['VULNERABILITY', 'Vulnerabilità'],
].map(plain);

/** The kinds of centre. */
export const CENTRE_KINDS: readonly Word[] = [
  ['cas_collective', 'CAS in centro collettivo'],
  ['cas_housing_unit', 'CAS in unità abitative'],
  ['casp', 'Centro provvisorio (CASP)'],
  ['cpa', 'Centro governativo di prima accoglienza'],
  ['hotspot', 'Punto di crisi (hotspot)'],
  ['sai', 'SAI'],
  ['sai_msna', 'SAI per minori non accompagnati'],
  ['msna_centre', 'Centro governativo per minori non accompagnati'],
  ['msna_cas', 'CAS per minori non accompagnati'],
  ['other', 'Altro'],
].map(plain);

/** The kinds of a visit. */
export const VISIT_KINDS: readonly Word[] = [
  { code: 'announced', word: 'Preavvisata', color: 'blue' },
  { code: 'unannounced', word: 'A sorpresa', color: 'green' },
  { code: 'follow_up', word: 'Verifica di ottemperanza', color: 'purple' },
  { code: 'complaint', word: 'Dopo una segnalazione', color: 'orange' },
  { code: 'remote', word: 'Documentale, a distanza', color: 'text' },
];

/** How grave a finding is, gravest first. */
export const SEVERITIES: readonly Word[] = [
  { code: 'critical', word: 'Critica', color: 'dark-red' },
  { code: 'major', word: 'Grave', color: 'orange' },
  { code: 'minor', word: 'Lieve', color: 'yellow' },
];

/** What a finding has come to. */
export const STATES: readonly Word[] = [
  { code: 'open', word: 'Aperta', color: 'red' },
  { code: 'prescribed', word: 'Prescritta', color: 'orange' },
  { code: 'action_submitted', word: 'Azione presentata', color: 'yellow' },
  { code: 'contested', word: 'Contestata', color: 'purple' },
  { code: 'verified', word: 'Verificata', color: 'light-green' },
  { code: 'closed', word: 'Chiusa', color: 'green' },
  { code: 'void', word: 'Annullata', color: 'text' },
];

/** How long a finding has been open. */
export const AGES: readonly Word[] = [
  { code: 'up_to_2_days', word: 'fino a 2 giorni', color: 'green' },
  { code: 'up_to_10_days', word: 'fino a 10 giorni', color: 'yellow' },
  { code: 'up_to_45_days', word: 'fino a 45 giorni', color: 'orange' },
  { code: 'over_45_days', word: 'oltre 45 giorni', color: 'red' },
];

/** The levels of an indicator. */
export const LEVELS: readonly Word[] = [
  { code: 'good', word: 'Buono', color: 'green' },
  { code: 'fair', word: 'Discreto', color: 'orange' },
  { code: 'poor', word: 'Scarso', color: 'red' },
];

/** A word without a colour of its own. */
function plain([code = '', word = '']: string[]): Word {
  return { code, word, color: 'text' };
}

/** Shows the words in the place of the codes. */
export function inWords(words: readonly Word[]): ValueMapping[] {
  const options = Object.fromEntries(
    words.map(({ code, word, color }, index) => [code, { text: word, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}
