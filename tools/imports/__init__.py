"""Files and frames into the organisation's tables: preview, load, rejects, what an import changed."""
