-- The set of indicators that stands in a score, as `CODE VERSION`; none in the scores made
-- before there were any.
ALTER TABLE scores ADD COLUMN indicators TEXT;
