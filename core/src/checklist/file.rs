//! YAML files as JSON values that remember their lines, and what a linter says of them.

use std::collections::HashMap;
use std::fmt;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value};

use crate::documents::Pointer;

/// A file of the checklists folder.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its name, as findings show it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The file cannot be used.
    Error,
    /// The file can be used, but a writer of good checklists would look again.
    Warning,
}

/// What is wrong, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What is wrong.
    pub fault: String,
    /// What to do.
    pub mend: String,
}

/// One thing that the linter found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The item or indicator, where it is one's.
    pub item: Option<String>,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, and what mends it.
    pub what: Mend,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{}:{}: {level}: ", self.file, self.line)?;
        if let Some(item) = &self.item {
            write!(f, "{item}: ")?;
        }
        write!(f, "{}; {}", self.what.fault, self.what.mend)
    }
}

/// A file as JSON, with the line of every place in it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Its name.
    pub name: String,
    /// Its content.
    pub value: Value,
    lines: HashMap<Pointer, usize>,
}

impl Parsed {
    /// The line of a place; that of the nearest place around it when it is not there.
    #[must_use]
    pub fn line(&self, at: &Pointer) -> usize {
        let mut text = at.as_str();
        loop {
            if let Some(line) = self.lines.get(&Pointer::from(text)) {
                return *line;
            }
            match text.rfind('/') {
                Some(cut) => text = &text[..cut],
                None => return 1,
            }
        }
    }

    /// The code of the item, or the indicator, that a place lies in.
    #[must_use]
    pub fn item(&self, at: &Pointer) -> Option<String> {
        let parts: Vec<_> = at.as_str().split('/').collect();
        let owner = match parts[..] {
            ["", "sections", section, "items", item, ..] => {
                format!("/sections/{section}/items/{item}/code")
            }
            ["", "definitions", indicator, ..] => format!("/definitions/{indicator}/code"),
            _ => return None,
        };
        let code = self.value.pointer(&owner)?;
        code.as_str().map(str::to_owned)
    }

    /// A finding about a place in this file.
    #[must_use]
    pub fn finding(&self, at: &Pointer, level: Level, what: Mend) -> Finding {
        Finding { file: self.name.clone(), line: self.line(at), item: self.item(at), level, what }
    }
}

/// Reads one YAML document (YAML 1.2, core schema) as JSON.
///
/// # Errors
/// A finding with the line where the file stops being YAML, repeats a key, or is not one
/// document.
pub fn parse_yaml(file: &SourceFile) -> Result<Parsed, Finding> {
    let error = |line: usize, fault: String, mend: &str| Finding {
        file: file.name.clone(),
        line,
        item: None,
        level: Level::Error,
        what: Mend { fault, mend: mend.to_owned() },
    };
    let documents = MarkedYaml::load_from_str(&file.text).map_err(|e| {
        let mend = "check indentation, quotes and repeated keys around this line";
        error(e.marker().line(), format!("not YAML: {}", e.info()), mend)
    })?;
    let [document] = &documents[..] else {
        return Err(error(1, "not exactly one YAML document".into(), "keep one document per file"));
    };
    let mut lines = HashMap::new();
    let value = convert(document, &Pointer::root(), &mut lines).map_err(|(line, fault)| {
        error(line, fault, "write plain YAML: text, numbers, lists, maps")
    })?;
    Ok(Parsed { name: file.name.clone(), value, lines })
}

fn convert(
    node: &MarkedYaml<'_>,
    at: &Pointer,
    lines: &mut HashMap<Pointer, usize>,
) -> Result<Value, (usize, String)> {
    let line = node.span.start.line();
    lines.entry(at.clone()).or_insert(line);
    match &node.data {
        YamlData::Value(scalar) => {
            scalar_value(scalar).ok_or((line, "a number that is not finite".into()))
        }
        YamlData::Sequence(items) => {
            let each = items.iter().enumerate();
            each.map(|(index, item)| convert(item, &at.index(index), lines)).collect()
        }
        YamlData::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let YamlData::Value(scalar) = &key.data else {
                    return Err((line, "a key that is not a plain text".into()));
                };
                let name = match scalar_value(scalar) {
                    Some(Value::String(text)) => text,
                    Some(other) => other.to_string(),
                    None => return Err((line, "a key that is not a plain text".into())),
                };
                let place = at.key(&name);
                lines.insert(place.clone(), key.span.start.line());
                map.insert(name, convert(value, &place, lines)?);
            }
            Ok(Value::Object(map))
        }
        YamlData::Tagged(..)
        | YamlData::Alias(_)
        | YamlData::BadValue
        | YamlData::Representation(..) => {
            Err((line, "a tag, alias or value that these files do not use".into()))
        }
    }
}

fn scalar_value(scalar: &Scalar<'_>) -> Option<Value> {
    match scalar {
        Scalar::Null => Some(Value::Null),
        Scalar::Boolean(flag) => Some(Value::Bool(*flag)),
        Scalar::Integer(number) => Some(Value::from(*number)),
        Scalar::FloatingPoint(number) => {
            serde_json::Number::from_f64(number.into_inner()).map(Value::Number)
        }
        Scalar::String(text) => Some(Value::String(text.to_string())),
    }
}
