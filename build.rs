//! The migrations are compiled in; without this line cargo would not see a new one.
fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
