"""The engine: runs a plan over the data, proves clean fast and explains slowly."""
