-- The roles of the database. Run by a superuser in the database `vigila`, as often as you
-- like: roles that exist get the passwords of the environment.
--
--   vigila_owner   owns the schema and migrates it
--   vigila         serves: reads and writes rows, and can change no table
--   grafana        reads the views that views.sql names, and nothing else
\getenv owner_password VIGILA_OWNER_PASSWORD
\getenv serving_password VIGILA_DATABASE_PASSWORD
\getenv grafana_password GRAFANA_DATABASE_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', name)
FROM (VALUES ('vigila_owner'), ('vigila'), ('grafana')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE vigila_owner PASSWORD :'owner_password';
ALTER ROLE vigila PASSWORD :'serving_password';
ALTER ROLE grafana PASSWORD :'grafana_password' CONNECTION LIMIT 10;
-- A panel that asks for too much ends, and takes nothing from those who send visits.
ALTER ROLE grafana SET statement_timeout = '30s';
ALTER ROLE grafana SET default_transaction_read_only = on;

SELECT format('ALTER DATABASE %I OWNER TO vigila_owner', current_database())
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
\gexec
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO vigila', current_database())
\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO grafana', current_database())
\gexec

REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- CREATE, because the table of migrations is asked for by a statement that would make it.
GRANT USAGE, CREATE ON SCHEMA public TO vigila;
GRANT USAGE ON SCHEMA public TO grafana;
ALTER DEFAULT PRIVILEGES FOR ROLE vigila_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vigila;
