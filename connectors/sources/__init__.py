"""Where data comes from besides files: one folder a source (docs/adding-a-source.md).

A source declares its settings and streams (`contract`); reading them yields frames with the importer's columns, and
where a stream stands afterwards. Storing both is the work of `tools.connections`.
"""
