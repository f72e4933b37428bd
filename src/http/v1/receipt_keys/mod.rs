//! The keys with which receipts are checked. Open to all: whoever holds a receipt may check it.

mod wire;

use actix_web::web::{Data, Json};

use self::wire::ReceiptKeyList;
use super::answers;
use crate::app::App;
use crate::app::receipts::Keys;
use crate::http::problem::{Body, Problem};
use crate::http::query::NoQuery;

/// List the keys of receipts
///
/// The public keys with which receipts are checked, the newest first. All of them: a key that
/// no longer signs is kept for what it signed. No sign-in is needed.
#[utoipa::path(
    get, path = "/receipt-keys", operation_id = "list_receipt_keys", tag = "inspections",
    responses(
        (status = 200, description = "All keys.", body = ReceiptKeyList),
        (status = 422, description = "A parameter is wrong.", body = Body, content_type = "application/problem+json"),
        answers::Open,
    )
)]
pub async fn list_receipt_keys(
    app: Data<App>,
    _: NoQuery,
) -> Result<Json<ReceiptKeyList>, Problem> {
    let keys = Keys::of(app.db.clone()).all().await?;
    Ok(Json(ReceiptKeyList { items: keys.iter().map(Into::into).collect() }))
}
