//! Checklists and models: loaded from a folder (or those built in), published in the database
//! on first sight, and served from there for ever. What was published never changes.

mod models;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, RwLock};

use serde_json::Value;
use vigila_core::checklist::{
    FileSet, Finding, Instrument, Level, SourceFile, read_file_set, read_file_set_beside,
};
use vigila_core::documents::checklist;
use vigila_core::documents::companions::{FactDeclaration, FactKind, FactOrigin};
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::documents::json;
use vigila_core::domain::{Instant, Zone};
use vigila_core::evidence::Rules;
use vigila_core::scoring::{self, Compiled, Indicators, Model, Plan};

pub use self::models::PublishedModel;
use self::models::publish_models;
use crate::store::Db;
use crate::store::published::{self, Kind};

/// The checklists folder as it was when this program was built.
pub static SHIPPED: include_dir::Dir<'_> =
    include_dir::include_dir!("$CARGO_MANIFEST_DIR/checklists");

/// Why the library cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The folder cannot be read.
    #[error("the checklists folder cannot be read: {0}")]
    Folder(String),
    /// The files have errors; `vigila checklists check` lists them all.
    #[error(
        "the checklists have {count} errors, the first: {first}; run `vigila checklists check`"
    )]
    Faulty {
        /// How many.
        count: usize,
        /// The first.
        first: String,
    },
    /// Another content was published under this code and version.
    #[error(
        "{code} {version} was published with other content: give the changed file a new version, or restore what it was"
    )]
    Changed {
        /// Its code.
        code: String,
        /// Its version.
        version: String,
    },
    /// Every model begins on a day to come.
    #[error("no scoring model is in force yet: `published_from` of each lies ahead")]
    NoModelYet,
    /// What the database holds cannot be used.
    #[error("a published document cannot be read: {0}")]
    Unreadable(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] crate::store::Error),
}

/// A published checklist.
#[derive(Debug)]
pub struct Published {
    /// Ready for use.
    pub instrument: Instrument,
    /// The indicators in force, ready for visits with it.
    pub indicators: Option<Compiled>,
    /// The document as JSON text, as it is served.
    pub text: String,
    /// SHA-256 of its canonical form.
    pub digest: String,
    /// When it was published.
    pub published_at: Instant,
}

/// The checklists and models.
pub struct Library {
    db: Db,
    /// What was read of the database so far; published things never change.
    checklists: RwLock<HashMap<ChecklistRef, Arc<Published>>>,
    models: Vec<Arc<Model>>,
    /// In force when the library was loaded, so that one always is.
    first_model: Arc<Model>,
    zone: Zone,
    indicators: Option<Indicators>,
    plan: Plan,
    evidence: Rules,
    facts: HashMap<String, FactDeclaration>,
}

/// The files built in.
#[must_use]
pub fn shipped_files() -> Vec<SourceFile> {
    let files = SHIPPED.files().filter_map(|file| {
        let name = file.path().to_str()?;
        let is_yaml = name.ends_with(".yaml");
        is_yaml
            .then(|| Some(SourceFile { name: name.into(), text: file.contents_utf8()?.into() }))?
    });
    files.collect()
}

/// The YAML files of a folder, by name.
///
/// # Errors
/// [`LibraryError::Folder`].
pub fn files_of(folder: &Path) -> Result<Vec<SourceFile>, LibraryError> {
    let unreadable = |e: std::io::Error| LibraryError::Folder(format!("{}: {e}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            let text = std::fs::read_to_string(&path).map_err(unreadable)?;
            files.push(SourceFile { name: path.display().to_string(), text });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// What the linter says of a folder of checklists, or of those built in.
///
/// # Errors
/// [`LibraryError::Folder`].
pub fn check_checklists(folder: Option<&Path>) -> Result<Vec<Finding>, LibraryError> {
    let files = folder.map_or_else(|| Ok(shipped_files()), files_of)?;
    if files.is_empty() {
        return Err(LibraryError::Folder("it holds no file that ends in .yaml".into()));
    }
    Ok(read_file_set(&files).1)
}

impl Library {
    /// Loads and publishes.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub async fn load(
        db: &Db,
        folder: Option<&Path>,
        zone: Zone,
        now: Instant,
    ) -> Result<Self, LibraryError> {
        let files = folder.map_or_else(|| Ok(shipped_files()), files_of)?;
        let before = published_before(db).await?;
        let (set, findings) = read_file_set_beside(&files, before);
        refuse_errors(&findings)?;
        let indicators = Self::indicators_of(db, &set, now).await?;
        let facts = set.facts.as_ref().map(|loaded| loaded.document.facts.clone());
        let facts: HashMap<_, _> =
            facts.into_iter().flatten().map(|fact| (fact.code.clone(), fact)).collect();
        let mut checklists = HashMap::new();
        for loaded in &set.checklists {
            let header = &loaded.document.checklist;
            let row = publish(
                db,
                Kind::Checklist,
                &header.code,
                &header.version,
                &loaded.file.value,
                now,
            )
            .await?;
            let ready = Arc::new(ready(row, indicators.as_ref(), &facts)?);
            checklists.insert(ready.instrument.reference.clone(), ready);
        }
        let models = publish_models(db, &set, now).await?;
        let first_model = scoring::in_force(&models, now.day(zone)).cloned();
        Ok(Self {
            db: db.clone(),
            checklists: RwLock::new(checklists),
            first_model: first_model.ok_or(LibraryError::NoModelYet)?,
            models,
            zone,
            indicators,
            plan: plan_of(&set)?,
            evidence: evidence_of(&set)?,
            facts,
        })
    }

    /// The model in force at an instant, whose day the zone of the service says.
    #[must_use]
    pub fn model(&self, now: Instant) -> &Arc<Model> {
        scoring::in_force(&self.models, now.day(self.zone)).unwrap_or(&self.first_model)
    }

    async fn indicators_of(
        db: &Db,
        set: &FileSet,
        now: Instant,
    ) -> Result<Option<Indicators>, LibraryError> {
        let Some(loaded) = &set.indicators else { return Ok(None) };
        let header = &loaded.document.indicators;
        let (kind, value) = (Kind::Indicators, &loaded.file.value);
        let row = publish(db, kind, &header.code, &header.version, value, now).await?;
        Ok(Some(Indicators::new(loaded.document.clone(), &row.digest)))
    }

    /// The indicators in force; a folder may have none.
    #[must_use]
    pub fn indicators(&self) -> Option<&Indicators> {
        self.indicators.as_ref()
    }

    /// The rules by which photos are asked questions: those of the folder, or the built-in
    /// ones.
    #[must_use]
    pub fn evidence(&self) -> &Rules {
        &self.evidence
    }

    /// The plan of visits: that of the folder, or the built-in one.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// All models of the folder: the one in force, those before it, and those still to come.
    #[must_use]
    pub fn models(&self) -> &[Arc<Model>] {
        &self.models
    }

    /// What `facts.yaml` says of a fact.
    #[must_use]
    pub fn fact(&self, code: &str) -> Option<&FactDeclaration> {
        self.facts.get(code)
    }

    /// What `facts.yaml` says of a fact of a centre.
    #[must_use]
    pub fn facility_fact(&self, code: &str) -> Option<FactKind> {
        let fact = self.facts.get(code)?;
        (fact.origin == FactOrigin::Facility && code != "capacity").then_some(fact.kind)
    }

    /// A published checklist, also one whose file is gone or that another process published.
    ///
    /// # Errors
    /// [`LibraryError::Database`], [`LibraryError::Unreadable`].
    pub async fn checklist(
        &self,
        wanted: &ChecklistRef,
    ) -> Result<Option<Arc<Published>>, LibraryError> {
        let known = self.checklists.read().ok().and_then(|all| all.get(wanted).cloned());
        if known.is_some() {
            return Ok(known);
        }
        let ChecklistRef { code, version } = wanted.clone();
        let row = self
            .db
            .read(move |conn| published::find(conn, Kind::Checklist, &code, &version))
            .await?;
        let Some(row) = row else { return Ok(None) };
        let ready = Arc::new(ready(row, self.indicators.as_ref(), &self.facts)?);
        if let Ok(mut all) = self.checklists.write() {
            all.insert(wanted.clone(), ready.clone());
        }
        Ok(Some(ready))
    }
}

fn plan_of(set: &FileSet) -> Result<Plan, LibraryError> {
    let of_folder = set.planning.as_ref().map(|loaded| loaded.document.clone());
    let built_in = || built_in("planning.yaml").planning.map(|loaded| loaded.document);
    let unusable = |why: String| LibraryError::Unreadable(format!("planning.yaml: {why}"));
    let document = of_folder.or_else(built_in);
    let document = document.ok_or_else(|| unusable("it is not built in".to_owned()))?;
    Plan::new(document).map_err(|e| unusable(e.to_string()))
}

fn evidence_of(set: &FileSet) -> Result<Rules, LibraryError> {
    let of_folder = set.evidence.as_ref().map(|loaded| loaded.document.clone());
    let built_in = || built_in("evidence.yaml").evidence.map(|loaded| loaded.document);
    let unusable = |why: String| LibraryError::Unreadable(format!("evidence.yaml: {why}"));
    let document = of_folder.or_else(built_in);
    let document = document.ok_or_else(|| unusable("it is not built in".to_owned()))?;
    Rules::new(document).map_err(|e| unusable(e.to_string()))
}

/// One of the shipped files, alone.
fn built_in(name: &str) -> FileSet {
    let files: Vec<_> = shipped_files().into_iter().filter(|file| file.name == name).collect();
    read_file_set(&files).0
}

fn refuse_errors(findings: &[Finding]) -> Result<(), LibraryError> {
    let errors: Vec<_> = findings.iter().filter(|f| f.level == Level::Error).collect();
    match errors.first() {
        None => Ok(()),
        Some(first) => Err(LibraryError::Faulty { count: errors.len(), first: first.to_string() }),
    }
}

async fn publish(
    db: &Db,
    kind: Kind,
    code: &str,
    version: &str,
    value: &Value,
    now: Instant,
) -> Result<published::Published, LibraryError> {
    let digest = json::digest(&json::canonical(value));
    let row = published::Published {
        kind,
        code: code.to_owned(),
        version: version.to_owned(),
        digest: digest.clone(),
        document: value.to_string(),
        published_at: now,
    };
    let stored = db.write(move |conn| published::insert_or_find(conn, &row)).await?;
    if stored.digest == digest {
        Ok(stored)
    } else {
        Err(LibraryError::Changed { code: code.to_owned(), version: version.to_owned() })
    }
}

/// The checklists that were published before this start. One that cannot be read is none to
/// lint by; asking for it says so.
async fn published_before(db: &Db) -> Result<Vec<checklist::Document>, LibraryError> {
    let rows = db.read(|conn| published::list(conn, Kind::Checklist)).await?;
    Ok(rows.iter().filter_map(|row| serde_json::from_str(&row.document).ok()).collect())
}

fn ready(
    row: published::Published,
    indicators: Option<&Indicators>,
    facts: &HashMap<String, FactDeclaration>,
) -> Result<Published, LibraryError> {
    let unreadable = |e: &dyn std::fmt::Display| {
        LibraryError::Unreadable(format!("{} {}: {e}", row.code, row.version))
    };
    let document = serde_json::from_str(&row.document).map_err(|e| unreadable(&e))?;
    let instrument = Instrument::new(document).map_err(|e| unreadable(&e))?;
    Ok(Published {
        indicators: indicators.map(|all| all.compile(&instrument, facts.values())),
        instrument,
        digest: row.digest,
        published_at: row.published_at,
        text: row.document,
    })
}
