//! Redacting by the pages, without JavaScript.

use super::{quarters, shown};
use crate::pages::Browser;
use crate::support::{address, hash, photo, photo_address};

#[tokio::test]
async fn a_manager_redacts_a_text_and_a_part_of_a_photo_by_forms() {
    let bytes = photo(0);
    let (app, monitor, manager, id) = shown(&bytes).await;
    let visit = format!("/inspections/{id}");
    let list = format!("{visit}/redactions");
    let browser = Browser::of(&app, &manager);
    assert!(browser.get(&visit).await.text().contains(&list), "the visit leads there");
    let other = Browser::of(&app, &monitor);
    assert!(!other.get(&visit).await.text().contains(&list));
    assert_eq!(other.get(&list).await.status(), 403);

    let page = browser.get(&list).await;
    assert!(page.text().contains("due camere chiuse"), "{}", page.text());
    let unsaid = browser.post(&list, &[("pointer", "/answers/0/note"), ("reason", " ")]).await;
    assert_eq!(unsaid.status(), 422);
    let elsewhere = browser.post(&list, &[("pointer", "/kind"), ("reason", "x")]).await;
    assert_eq!(elsewhere.status(), 422);
    let fields = [("pointer", "/answers/0/note"), ("reason", "<b>un nome</b>")];
    let done = browser.post(&list, &fields).await;
    assert_eq!((done.status(), done.header("location")), (303, &*list));
    let page = browser.get(&list).await;
    assert!(!page.text().contains("due camere chiuse"));
    assert!(page.text().contains("&#60;b&#62;un nome") && !page.text().contains("<b>un nome"));
    assert!(!browser.get(&visit).await.text().contains("due camere chiuse"));

    // Two corners are touched; what they span stands in the form, which sends it.
    let photo = format!("{visit}/photos/{}/redactions", hash(&bytes));
    assert!(page.text().contains(&photo));
    let first = browser.get(&format!("{photo}?corner.x=539&corner.y=404")).await;
    assert!(first.text().contains(r#"name="x" value="539""#), "{}", first.text());
    let second = browser.get(&format!("{photo}?x=539&y=404&corner.x=0&corner.y=0")).await;
    for value in [r#"value="540" required"#, r#"value="405" required"#] {
        assert!(second.text().contains(value), "{}", second.text());
    }
    let outside = [("x", "1080"), ("y", "0"), ("width", "5"), ("height", "5"), ("reason", "r")];
    assert_eq!(browser.post(&photo, &outside).await.status(), 422);
    let area = [("x", "0"), ("y", "0"), ("width", "540"), ("height", "405"), ("reason", "volto")];
    let done = browser.post(&photo, &area).await;
    assert_eq!((done.status(), done.header("location")), (303, &*photo));
    assert!(quarters(&monitor, &photo_address(id, &bytes)).await[0] < 12);
    let page = browser.get(&photo).await;
    let redaction = page.text().split("<option value=\"").nth(2).unwrap();
    let redaction = &redaction[..36];
    let other = [("x", "540"), ("y", "405"), ("width", "540"), ("height", "405")];
    let other = [&other[..], &[("reason", "era qui"), ("supersedes", redaction)]].concat();
    assert_eq!(browser.post(&photo, &other).await.status(), 303);
    let after = quarters(&monitor, &photo_address(id, &bytes)).await;
    assert!(after[0] > 40 && after[3] < 12, "{after:?}");
    assert_eq!(monitor.member(&address(id), "/content/answers/0/note").await, "[redacted]");
}
