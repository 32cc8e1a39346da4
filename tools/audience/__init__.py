"""Who is meant: rules over customers, the fields they can name, segments by name, and how large a group is."""
