//! The tables, once for both databases: the column types of `types.rs` where diesel has
//! none for both. Kept by hand; a test compares it with what the migrations make.

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    people (id) {
        id -> Guid,
        name -> Text,
        role -> Text,
        territories -> Text,
        password_hash -> Text,
        disabled -> Bool,
        created_at -> Instant,
        revision -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    sessions (token_hash) {
        token_hash -> Text,
        person_id -> Guid,
        kind -> Text,
        created_at -> Instant,
        last_used_at -> Instant,
        expires_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    sign_in_failures (subject) {
        subject -> Text,
        failures -> Integer,
        last_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    audit_events (id) {
        id -> Guid,
        at -> Instant,
        actor_id -> Nullable<Guid>,
        action -> Text,
        subject -> Text,
        detail -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    facilities (id) {
        id -> Guid,
        code -> Text,
        name -> Text,
        kind -> Text,
        territory -> Text,
        municipality -> Text,
        istat_code -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        authorised_places -> Nullable<Integer>,
        managing_body -> Nullable<Text>,
        facts -> Text,
        active -> Bool,
        search -> Text,
        revision -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    contracts (id) {
        id -> Guid,
        facility_id -> Guid,
        starts_on -> Day,
        ends_on -> Nullable<Day>,
        cig -> Nullable<Text>,
        parameters -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    published (kind, code, version) {
        kind -> Text,
        code -> Text,
        version -> Text,
        digest -> Text,
        document -> Text,
        published_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    inspections (id) {
        id -> Guid,
        facility_id -> Guid,
        territory -> Text,
        checklist_code -> Text,
        checklist_version -> Text,
        kind -> Text,
        started_at -> Instant,
        ended_at -> Instant,
        day -> Day,
        digest -> Text,
        received_at -> Instant,
        received_by -> Guid,
        corrects -> Nullable<Guid>,
        root -> Guid,
        superseded_by -> Nullable<Guid>,
        photos_missing -> Integer,
        facts -> Text,
        scored -> Binary,
        content -> Text,
        redacted_content -> Nullable<Text>,
        redacted -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    scores (id) {
        id -> Guid,
        inspection_id -> Guid,
        model_code -> Text,
        model_version -> Text,
        model_digest -> Text,
        checklist_code -> Text,
        checklist_version -> Text,
        inputs_digest -> Text,
        overall -> Nullable<Double>,
        coverage -> Nullable<Double>,
        band -> Text,
        band_by_points -> Text,
        computed_at -> Instant,
        document -> Text,
        indicators -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    score_dimensions (score_id, dimension) {
        score_id -> Guid,
        dimension -> Text,
        position -> Integer,
        score -> Nullable<Double>,
        coverage -> Double,
        observed_weight -> Double,
        due_weight -> Double,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    photos (inspection_id, sha256) {
        inspection_id -> Guid,
        sha256 -> Text,
        position -> Integer,
        declared_bytes -> BigInt,
        state -> Text,
        absence_reason -> Nullable<Text>,
        absent_at -> Nullable<Instant>,
        absent_by -> Nullable<Guid>,
        original_key -> Nullable<Text>,
        display_key -> Nullable<Text>,
        thumbnail_key -> Nullable<Text>,
        media_type -> Nullable<Text>,
        bytes -> Nullable<BigInt>,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        damaged -> Nullable<Bool>,
        received_at -> Nullable<Instant>,
        received_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    facility_changes (id) {
        id -> Guid,
        at -> Instant,
        facility_id -> Guid,
        territory -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    jobs (id) {
        id -> Guid,
        kind -> Text,
        requested_by -> Nullable<Guid>,
        request -> Text,
        state -> Text,
        done -> BigInt,
        total -> BigInt,
        result -> Nullable<Text>,
        created_at -> Instant,
        finished_at -> Nullable<Instant>,
        lease_holder -> Nullable<Guid>,
        lease_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    receipt_keys (key_id) {
        key_id -> Text,
        algorithm -> Text,
        public_key -> Binary,
        secret_key -> Binary,
        created_at -> Instant,
        retired_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    receipts (inspection_id, photo) {
        inspection_id -> Guid,
        photo -> Text,
        received_at -> Instant,
        key_id -> Text,
        signature -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    audit_pending (event_id) {
        event_id -> Guid,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    audit_chain (position) {
        position -> BigInt,
        event_id -> Guid,
        previous -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    leases (name) {
        name -> Text,
        holder -> Guid,
        until -> Instant,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    photo_redactions (id) {
        id -> Guid,
        facility_id -> Guid,
        sha256 -> Text,
        inspection_id -> Guid,
        areas -> Text,
        reason -> Text,
        supersedes -> Nullable<Guid>,
        at -> Instant,
        by_person -> Guid,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    photo_erasures (facility_id, sha256) {
        facility_id -> Guid,
        sha256 -> Text,
        inspection_id -> Guid,
        reason -> Text,
        at -> Instant,
        by_person -> Guid,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    doomed_blobs (blob_key) {
        blob_key -> Text,
        sha256 -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    text_redactions (id) {
        id -> Guid,
        inspection_id -> Guid,
        pointer -> Text,
        text_sha256 -> Text,
        reason -> Text,
        at -> Instant,
        by_person -> Guid,
        erased_at -> Nullable<Instant>,
        erased_by -> Nullable<Guid>,
        erasure_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    uploads (id) {
        id -> Guid,
        inspection_id -> Guid,
        sha256 -> Text,
        person_id -> Guid,
        bytes -> BigInt,
        received -> BigInt,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    upload_parts (upload_id, position) {
        upload_id -> Guid,
        position -> BigInt,
        key -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    photo_sweep (id) {
        id -> Integer,
        owner -> Guid,
        swept_until -> Day,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    photo_facts (original_key) {
        original_key -> Text,
        inspection_id -> Guid,
        facility_id -> Guid,
        territory -> Text,
        sha256 -> Text,
        exif -> Bool,
        taken_local -> Nullable<Text>,
        taken_offset_seconds -> Nullable<Integer>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        accuracy -> Nullable<Double>,
        make -> Nullable<Text>,
        model -> Nullable<Text>,
        software -> Nullable<Text>,
        fingerprint -> Nullable<BigInt>,
        band_0 -> Nullable<Integer>,
        band_1 -> Nullable<Integer>,
        band_2 -> Nullable<Integer>,
        band_3 -> Nullable<Integer>,
        sharpness -> Double,
        brightness -> Double,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    shown_model (id) {
        id -> Integer,
        code -> Text,
        version -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    facility_standings (facility_id) {
        facility_id -> Guid,
        picture -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    standing_mark (id) {
        id -> Integer,
        generation -> BigInt,
        at -> Instant,
        drawn_by -> Text,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    findings (id) {
        id -> Guid,
        facility_id -> Guid,
        territory -> Text,
        checklist_code -> Text,
        item -> Text,
        severity -> Text,
        state -> Text,
        opened_by -> Guid,
        opened_at -> Instant,
        due_on -> Day,
        ordered_due_on -> Nullable<Day>,
        failures -> Integer,
        failed_by -> Guid,
        failed_at -> Instant,
        failed_received_at -> Instant,
        passed_by -> Nullable<Guid>,
        passed_at -> Nullable<Instant>,
        passed_received_at -> Nullable<Instant>,
        settled_at -> Nullable<Instant>,
        withdrawn -> Bool,
        revision -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    finding_moves (id) {
        id -> Guid,
        finding_id -> Guid,
        at -> Instant,
        by_person -> Nullable<Guid>,
        from_state -> Text,
        to_state -> Text,
        note -> Nullable<Text>,
        due_on -> Nullable<Day>,
        photos -> Text,
        inspection_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    finding_ledgers (facility_id) {
        facility_id -> Guid,
        revision -> BigInt,
    }
}

diesel::table! {
    use crate::store::types::sql::*;
    use diesel::sql_types::*;

    finding_debts (inspection_id) {
        inspection_id -> Guid,
        facility_id -> Guid,
    }
}

diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(contracts -> facilities (facility_id));
diesel::joinable!(inspections -> facilities (facility_id));
diesel::joinable!(scores -> inspections (inspection_id));
diesel::joinable!(score_dimensions -> scores (score_id));
diesel::joinable!(photos -> inspections (inspection_id));
diesel::joinable!(text_redactions -> inspections (inspection_id));
diesel::joinable!(upload_parts -> uploads (upload_id));
diesel::joinable!(photo_facts -> inspections (inspection_id));
diesel::joinable!(photo_facts -> facilities (facility_id));
diesel::joinable!(facility_changes -> facilities (facility_id));

diesel::joinable!(findings -> facilities (facility_id));
diesel::joinable!(finding_debts -> inspections (inspection_id));

diesel::allow_tables_to_appear_in_same_query!(
    people,
    sessions,
    sign_in_failures,
    audit_events,
    audit_pending,
    audit_chain,
    leases,
    receipt_keys,
    receipts,
    facilities,
    contracts,
    published,
    inspections,
    scores,
    score_dimensions,
    photos,
    photo_facts,
    facility_changes,
    jobs,
    photo_redactions,
    photo_erasures,
    doomed_blobs,
    text_redactions,
    uploads,
    upload_parts,
    photo_sweep,
    shown_model,
    facility_standings,
    standing_mark,
    findings,
    finding_moves,
    finding_ledgers,
    finding_debts,
);
