//! Whether a form was sent from these pages. The session's cookie is `SameSite=Strict`, so a
//! form of another site acts for nobody; this also keeps one from signing somebody in as
//! somebody else, and holds where a neighbour under the same domain counts as the same site.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::web::Data;
use url::Url;

use super::error::PageError;

/// Where people reach the pages, when the settings say so.
#[derive(Debug, Clone, Default)]
pub struct PublicUrl(pub Option<String>);

impl PublicUrl {
    /// Whether people reach the pages by HTTPS only.
    pub(super) fn is_secure(request: &HttpRequest) -> bool {
        Self::of(request).is_some_and(|url| url.scheme() == "https")
    }

    fn of(request: &HttpRequest) -> Option<Url> {
        let url = request.app_data::<Data<Self>>()?.0.as_deref()?;
        Url::parse(url).ok()
    }
}

/// Refuses a request that another site made a browser send.
///
/// # Errors
/// [`PageError::OtherSite`].
pub fn from_these_pages(request: &HttpRequest) -> Result<(), PageError> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    // Browsers send these by themselves and no page can change them. A client that sends
    // neither is no browser of the last years, and carries out nobody else's wishes.
    let said = request.headers().contains_key("sec-fetch-site");
    let from_here = match (header("sec-fetch-site"), request.headers().contains_key(ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, true) => header(ORIGIN.as_str()).is_some_and(|origin| is_own(request, origin)),
        (None, false) => !said,
    };
    if from_here { Ok(()) } else { Err(PageError::OtherSite) }
}

fn is_own(request: &HttpRequest, origin: &str) -> bool {
    if PublicUrl::of(request).is_some_and(|url| url.origin().ascii_serialization() == origin) {
        return true;
    }
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    host.is_some() && host == authority
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn is_taken(headers: &[(&str, &str)], public_url: Option<&str>) -> bool {
        let url = PublicUrl(public_url.map(str::to_owned));
        let mut request = TestRequest::post().app_data(Data::new(url));
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        from_these_pages(&request.to_http_request()).is_ok()
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        let here = ("host", "vigila.example:8080");
        let table: [(&[(&str, &str)], bool); 10] = [
            (&[here, ("sec-fetch-site", "same-origin")], true),
            (&[here, ("sec-fetch-site", "none")], true),
            (&[here, ("sec-fetch-site", "same-site")], false),
            (&[here, ("sec-fetch-site", "cross-site")], false),
            // What the browser says of the site goes before what it says of the origin.
            (
                &[here, ("sec-fetch-site", "cross-site"), ("origin", "http://vigila.example:8080")],
                false,
            ),
            (&[here, ("origin", "http://vigila.example:8080")], true),
            (&[here, ("origin", "http://vigila.example")], false),
            (&[here, ("origin", "http://other.example")], false),
            (&[here, ("origin", "null")], false),
            (&[here], true),
        ];
        for (headers, expected) in table {
            assert_eq!(is_taken(headers, None), expected, "{headers:?}");
        }
        let behind_proxy = [("host", "10.0.0.7:8080"), ("origin", "https://vigila.example")];
        assert!(is_taken(&behind_proxy, Some("https://vigila.example/")));
        assert!(!is_taken(&behind_proxy, Some("https://other.example/")));
    }
}
