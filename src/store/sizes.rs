//! How much room the database takes. Knows no table.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::Conn;

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// The size of the database in bytes: of SQLite its file without the write-ahead log.
///
/// # Errors
/// Those of the database.
pub fn database_bytes(conn: &mut Conn) -> QueryResult<i64> {
    let asked = match conn {
        Conn::Lite(_) => {
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
        }
        Conn::Pg(_) => "SELECT pg_database_size(current_database()) AS bytes",
    };
    sql_query(asked).get_result::<Size>(conn).map(|size| size.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::on_each;

    #[tokio::test]
    async fn a_database_has_a_size() {
        on_each(async |db| {
            let bytes = db.read(database_bytes).await.unwrap();
            assert!((10_000..100_000_000).contains(&bytes), "{bytes}");
        })
        .await;
    }
}
