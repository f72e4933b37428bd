-- What the role `grafana` may read: these views, which name no person and hold no note, as
-- far as this release has them. Run by the owner of the schema after each migration, which
-- may have made a view anew. A view reads its tables with the rights of its owner, so the
-- role needs none on them.
SELECT format('GRANT SELECT ON %I TO grafana', viewname)
FROM pg_views
WHERE schemaname = 'public' AND viewname IN (
  'quality_facilities',
  'quality_inspections',
  'quality_dimensions',
  'quality_indicators',
  'quality_findings',
  'quality_finding_moves'
)
\gexec
