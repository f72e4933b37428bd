//! How far the inspectors of a territory agree.

mod wire;

use actix_web::web::{Data, Json, Path};
use vigila_core::domain::Territory;

use self::wire::AgreementShown;
use super::answers;
use crate::app::{App, Error, agreement};
use crate::clock;
use crate::http::actors::Overseer;
use crate::http::problem::Problem;
use crate::http::query::NoQuery;

/// Show how far inspectors agree
///
/// Over double visits: two visits of one centre and checklist by different people, whose ends lie
/// within two days. Items that both judged are compared: met, partly, not met or not applicable.
/// A checklist in whose double visits fewer than three inspectors took part is left out, also of
/// the totals. Nobody is named. There is no parameter, so that no two answers can be subtracted.
#[utoipa::path(
    get, path = "/territories/{territory_code}/agreement",
    operation_id = "show_territory_agreement", tag = "agreement", security(("bearer" = [])),
    params(("territory_code" = String, Path, description = "The code of the province.")),
    responses((status = 200, description = "The agreement.", body = AgreementShown), answers::SignedIn, answers::NotThere)
)]
pub async fn show_territory_agreement(
    who: Overseer,
    _: NoQuery,
    app: Data<App>,
    code: Path<String>,
) -> Result<Json<AgreementShown>, Problem> {
    let territory: Territory = code.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let found = agreement::territory_agreement(&app, &who.0, territory, clock::now()).await?;
    Ok(Json(AgreementShown::from(found)))
}
