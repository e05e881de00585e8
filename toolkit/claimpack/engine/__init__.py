"""The engine: runs a plan over the data. It proves clean data fast and explains errors slowly."""
