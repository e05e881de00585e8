"""From bytes to columns: each reader gives a table's cells as texts, and names what is broken."""
