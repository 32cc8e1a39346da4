"""Where data comes from besides files: one folder or file a source.

A source yields frames with the columns of the importer; storing them is the importer's work.
"""
