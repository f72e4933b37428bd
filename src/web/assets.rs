//! The stylesheet and the icon, compiled in. Their names hold a digest of their content, so
//! they may be kept for ever.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Path;
use vigila_core::documents::json;

use super::error::PageError;

/// A file that pages use.
pub struct Asset {
    name: String,
    media_type: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(ending: &str, media_type: &'static str, text: &'static str) -> Self {
        let digest = json::digest(text);
        Self { name: format!("vigila.{}.{ending}", &digest[..16]), media_type, text }
    }

    /// Where it is served.
    pub fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// The stylesheet.
pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("css", "text/css; charset=utf-8", include_str!("vigila.css")));
/// The icon.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("svg", "image/svg+xml", include_str!("icon.svg")));

/// One of these files.
pub async fn show_asset(file: Path<String>) -> Result<HttpResponse, PageError> {
    let asset = [&*STYLE, &*ICON].into_iter().find(|asset| asset.name == *file);
    let asset = asset.ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .content_type(asset.media_type)
        .body(asset.text))
}
