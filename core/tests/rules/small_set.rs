//! A small folder of checklists without a fault, to be broken in one place at a time.

use vigila_core::checklist::SourceFile;

use crate::evidence_file::EVIDENCE;
use crate::planning::PLANNING;

pub const CHECKLIST: &str = r#"schema_version: 1
checklist:
  code: SMALL
  version: "1.0.0"
  title:
    it: Piccola
    en: Small
  description:
    it: Per le prove
    en: For trials
  facility_kinds:
  - cas_collective
  respondent: inspector
  anonymous: false
  estimated_minutes: 5
  languages:
  - it
  - en
  default_deadline_days:
    critical: 2
    A: 10
    B: 20
    C: 45
  photo_policy:
    values:
    - none
    it: Cose
    en: Things
  sources:
  - id: OWN
    title: Proposta
    confidence: own_proposal
option_sets:
  quality:
    it: Giudizio
    en: Judgement
    options:
    - value: good
      it: Buono
      en: Good
      score: 1
    - value: bad
      it: Cattivo
      en: Bad
      score: 0
sections:
- code: A
  title:
    it: Locali
    en: Rooms
  dimension: HYGIENE
  items:
  - code: SM-01
    question:
      it: Letti contati
      en: Beds counted
    answer_type: number
    unit: beds
    integer: true
    min: 0
    max: 500
    source:
    - OWN
    weight_class: I
    critical: false
    photo: none
    feeds:
    - beds
    - IND-ANY-01
  - code: SM-02
    question:
      it: I locali sono puliti
      en: The rooms are clean
    answer_type: yes_partial_no_na
    source:
    - "EUAA2016:1"
    weight_class: A
    critical: false
    photo: on_fail
  - code: SM-03
    question: # third
      it: Le uscite sono libere
      en: The exits are free
    answer_type: yes_no_na
    source:
    - OWN
    weight_class: A
    critical: true
    photo: required
    applies_when: beds > 25
  - code: SM-04
    question:
      it: Temperatura
      en: Temperature
    answer_type: number
    unit: celsius
    source:
    - OWN
    weight_class: B
    critical: false
    photo: none
    scoring: # temperature
      direction: range
      full: [18, 22]
      partial: [16, 24]
  - code: SM-05
    question:
      it: Stato delle docce
      en: State of the showers
    answer_type: choice
    option_set: quality
    source:
    - OWN
    weight_class: B
    critical: false
    photo: none
  - code: SM-06
    question:
      it: Ore di mediazione
      en: Mediation hours
    answer_type: number
    unit: hours
    source:
    - OWN
    weight_class: C
    critical: false
    photo: none
    scoring: # hours
      direction: higher_is_better
      full: 40
      partial: 40
"#;

pub const FACTS: &str = r#"schema_version: 1
facts:
- code: beds
  type: number
  unit: beds
  title:
    it: Letti
    en: Beds
  origin: facility
- code: contract.medical_hours
  type: number
  unit: hours
  title:
    it: Ore mediche
    en: Medical hours
  origin: contract
"#;

pub const STANDARDS: &str = r#"schema_version: 1
sets:
- id: OWN
  title:
    it: Proposta
    en: Proposal
  legal_status: own
  numbers: any
- id: EUAA2016
  title:
    it: Accoglienza
    en: Reception
  legal_status: guidance
  numbers:
  - number: "1"
    title:
      it: Servizi
      en: Services
"#;

pub const SCORING: &str = r#"schema_version: 1
scoring:
  code: MODEL
  version: "1.0.0"
  title:
    it: Modello
    en: Model
weight_classes:
  A: 5
  B: 3
  C: 1
  I: 0
answer_values:
  "yes": 1
  "partial": 0.5
  "no": 0
aggregation: arithmetic
dimension_weights:
  HYGIENE: 2
coverage_minimum: 0.8
bands:
  good: 90
  adequate: 75
  to_improve: 60
dimension_floor:
  below: 60
  cap: to_improve
stale_after_days: 365
main_checklists:
  cas_collective: SMALL
"#;

/// Indicators of that checklist; a folder does without, so it is there only where a test
/// speaks of it.
pub const INDICATORS: &str = r#"schema_version: 1
indicators:
  code: SMALL-IND
  version: "1.0.0"
  title:
    it: Prova
    en: Trial
definitions:
- code: IND-ANY-01
  title:
    it: Letti
    en: Beds
  dimension: HOUSING
  unit: beds
  value: {item: SM-01}
  direction: lower_is_better
  good: 10
  fair: 20
  source: [OWN]
- code: IND-HOU-01
  title:
    it: Ore
    en: Hours
  dimension: SERVICES
  unit: percent
  numerator: {item: SM-06}
  denominator: {fact: contract.medical_hours}
  may_be_empty: true
  direction: higher_is_better
  good: 100
  fair: 80 # hours
  critical: true # hours
  source: ["EUAA2016:1"]
- code: IND-SHA-01
  title:
    it: Quota
    en: Share
  dimension: HYGIENE
  unit: percent
  numerator: {passed: [SM-02, SM-03]}
  denominator: {observed: [SM-02, SM-05]}
  may_be_empty: true # share
  direction: higher_is_better
  source: [OWN]
- code: IND-RAN-01
  title:
    it: Temperatura
    en: Temperature
  dimension: HOUSING
  unit: celsius
  value: {smallest: [{item: SM-04}, {number: 40}]}
  direction: range
  good: [18, 22]
  fair: [16, 24]
  source: [OWN]
- code: IND-DAY-01
  title:
    it: Ore al giorno
    en: Hours a day
  dimension: SERVICES
  unit: hours
  numerator: {sum: [{item: SM-06}, {fact: contract.medical_hours}]}
  denominator: {number: 28}
  direction: higher_is_better
  source: [OWN]
- code: IND-HIS-01
  title:
    it: Giorni
    en: Days
  dimension: PROGRAMME
  unit: days
  value: {history: days_since_last_visit}
  direction: lower_is_better
  good: 180
  source: [OWN]
"#;

/// The folder with one file's text changed.
pub fn folder(changed: &str, text: &str) -> Vec<SourceFile> {
    let all = [
        ("evidence.yaml", EVIDENCE),
        ("facts.yaml", FACTS),
        ("planning.yaml", PLANNING),
        ("scoring.yaml", SCORING),
        ("small.yaml", CHECKLIST),
        ("standards.yaml", STANDARDS),
    ];
    let indicators = (changed == "indicators.yaml").then_some((changed, text));
    let each = all.into_iter().chain(indicators).map(|(name, whole)| SourceFile {
        name: name.into(),
        text: if name == changed { text.into() } else { whole.into() },
    });
    each.collect()
}

/// The text of a file of the folder.
pub fn text_of(name: &str) -> &'static str {
    match name {
        "evidence.yaml" => EVIDENCE,
        "facts.yaml" => FACTS,
        "indicators.yaml" => INDICATORS,
        "planning.yaml" => PLANNING,
        "scoring.yaml" => SCORING,
        "small.yaml" => CHECKLIST,
        "standards.yaml" => STANDARDS,
        other => panic!("no such file: {other}"),
    }
}
