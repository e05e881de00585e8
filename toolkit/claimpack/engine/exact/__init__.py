"""The database: what explains invalid rows, compares tables, and keeps findings."""
