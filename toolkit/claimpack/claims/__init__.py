"""Everything that knows the tables of a claims data package.

A package says that it is one by the property `claimsProfile`, or is recognised by its tables:
sources and passages, and claims or statistics, each with its own key.
"""
