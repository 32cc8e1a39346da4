"""Who may come in: logins and keys of people and programs."""
