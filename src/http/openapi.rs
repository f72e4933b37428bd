//! The OpenAPI document, made from the handlers and their types.

use utoipa::OpenApi;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::{KnownFormat, RefOr, Response, SchemaFormat};

use super::v1;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "vigila",
        description = "Quality monitoring of reception centres: checklists, inspections with photo \
                       evidence, scores, scorecards and trends. Errors are problem details \
                       (RFC 9457), in Italian or English by `Accept-Language`. Answers carry \
                       `Cache-Control: no-store` unless the operation says otherwise.",
        version = "1.0.0",
        terms_of_service = "https://vigila.example.org/terms",
        contact(name = "vigila", url = "https://github.com/vigila/vigila"),
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    paths(
        v1::status::show_status,
        v1::sessions::create_session,
        v1::sessions::end_current_session,
        v1::sessions::show_me,
        v1::checklists::list_checklists,
        v1::checklists::show_checklist,
        v1::facilities::list_facilities,
        v1::facilities::create_facility,
        v1::facilities::import_facilities,
        v1::facilities::show_facility,
        v1::facilities::change_facility,
        v1::inspections::submit_inspection,
        v1::inspections::list_inspections,
        v1::inspections::show_inspection,
        v1::inspections::show_inspection_score,
        v1::evidence::show_inspection_evidence,
        v1::photos::add_photo,
        v1::photos::declare_photo_absent,
        v1::photos::show_photo,
        v1::redactions::redact_photo,
        v1::redactions::list_photo_redactions,
        v1::redactions::redact_text,
        v1::redactions::list_text_redactions,
        v1::redactions::show_sealed_content,
        v1::erasures::erase_photo,
        v1::erasures::erase_text,
        v1::findings::list_findings,
        v1::findings::show_finding,
        v1::findings::move_finding,
        v1::uploads::create_upload,
        v1::uploads::show_upload,
        v1::uploads::continue_upload,
        v1::uploads::end_upload,
        v1::scorecards::show_facility_scorecard,
        v1::scorecards::list_territory_scorecards,
        v1::trends::show_facility_trends,
        v1::series::list_series,
        v1::indicators::show_territory_indicators,
        v1::scoring_models::list_scoring_models,
        v1::scoring_models::show_scoring_model,
        v1::scoring_models::request_scoring_preview,
        v1::scoring_models::show_scoring_preview,
        v1::agreement::show_territory_agreement,
        v1::trends::show_territory_trends,
        v1::next_visits::list_next_visits,
        v1::people::list_people,
        v1::people::create_person,
        v1::people::change_person,
        v1::people::end_sessions,
        v1::territories::list_territories,
        v1::audit::list_audit_events,
        v1::receipt_keys::list_receipt_keys,
    ),
    tags(
        (name = "status", description = "Whether the service is ready."),
        (name = "sessions", description = "Signing in and out."),
        (name = "people", description = "Who has an account; for admins."),
        (name = "territories", description = "The provinces of whoever asks."),
        (name = "facilities", description = "The centres that are inspected."),
        (name = "inspections", description = "Visits: submitted once, never changed."),
        (name = "photos", description = "The evidence of visits."),
        (name = "evidence", description = "What photos tell beside what was said of them."),
        (name = "findings", description = "What visits hold against centres, until it is mended."),
        (name = "scorecards", description = "How centres stand now."),
        (name = "trends", description = "How centres change over time."),
        (name = "indicators", description = "What is counted and divided beside the scores."),
        (name = "scoring-models", description = "How scores are made, and what another way would change."),
        (name = "next-visits", description = "Which centres to visit next."),
        (name = "audit", description = "Who did or saw what; for admins."),
        (name = "agreement", description = "How far inspectors see the same."),
    ),
    modifiers(&Finish),
)]
struct Api;

struct Finish;

impl utoipa::Modify for Finish {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components.get_or_insert_default().add_security_scheme("bearer", bearer);
        let about = ExtensionsBuilder::new()
            .add("x-summary", "Quality monitoring of reception centres")
            .add("x-api-id", "vigila-v1");
        api.info.extensions = Some(about.build());
        let installation = ServerBuilder::new()
            .url("https://vigila.example.org/api/v1")
            .description(Some("An installation, under a name of its own."));
        let own = ServerBuilder::new()
            .url("http://127.0.0.1:8080/api/v1")
            .description(Some("The service on this machine, as `vigila serve` starts it."))
            .extensions(Some(ExtensionsBuilder::new().add("x-sandbox", true).build()));
        api.servers = Some(vec![installation.build(), own.build()]);
        for_each_response(api, say_when_to_try_again);
    }
}

fn for_each_response(api: &mut utoipa::openapi::OpenApi, change: fn(&str, &mut Response)) {
    for item in api.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    change(status, response);
                }
            }
        }
    }
}

/// What asks to be tried again says when (RFC 9110, section 10.2.3).
fn say_when_to_try_again(status: &str, response: &mut Response) {
    if matches!(status, "429" | "503") {
        let seconds = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1));
        let header = HeaderBuilder::new()
            .schema(Some(seconds))
            .description(Some("Seconds to wait before another try."));
        response.headers.insert("Retry-After".to_owned(), RefOr::T(header.build()));
    }
}

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The document as `openapi/v1.json` holds it.
#[must_use]
pub fn document_text() -> String {
    let text = extensions_in_order(&document().to_pretty_json().unwrap_or_default());
    format!("{text}\n")
}

/// The same JSON, each run of extensions (`x-…`) by name: utoipa keeps them in a hash map, and
/// two runs of one program would write two documents.
fn extensions_in_order(text: &str) -> String {
    let (mut lines, mut run): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    // An empty line at the end closes the last run; it is trimmed away below.
    for line in text.lines().chain([""]) {
        if line.trim_start().starts_with("\"x-") {
            run.push(line);
            continue;
        }
        // Only the last member of an object has no comma behind it.
        let last_has_comma = run.last().is_some_and(|line| line.ends_with(','));
        let mut members: Vec<&str> = run.drain(..).map(|l| l.trim_end_matches(',')).collect();
        members.sort_unstable();
        let count = members.len();
        for (index, member) in members.into_iter().enumerate() {
            let comma = if index + 1 < count || last_has_comma { "," } else { "" };
            lines.push(format!("{member}{comma}"));
        }
        lines.push(line.to_owned());
    }
    lines.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_stand_in_one_order_whatever_the_hash_map_says() {
        let sorted = "{\n  \"x-a\": 1,\n  \"x-b\": 2\n}";
        assert_eq!(extensions_in_order("{\n  \"x-b\": 2,\n  \"x-a\": 1\n}"), sorted);
        assert_eq!(extensions_in_order(sorted), sorted);
        let amid = "{\n  \"x-b\": 2,\n  \"x-a\": 1,\n  \"c\": 3\n}";
        let sorted = "{\n  \"x-a\": 1,\n  \"x-b\": 2,\n  \"c\": 3\n}";
        assert_eq!(extensions_in_order(amid), sorted);
    }
}
